"""The application core: who searches for whom, what was decided and when."""
