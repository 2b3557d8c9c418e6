"""How much may be spent on a plan of the shift."""

from types import SimpleNamespace

from dispatch.assignment_shifts import Effort
from search_ops.services.assigning_job import effort_of


def test_effort_is_counted_and_less_for_each_of_many() -> None:
    """A small plan is proven; of a large one every team gets fewer rounds, so that others are served, too."""
    sizes = [(3, 16), (10, 80), (40, 300)]
    efforts = [effort_of(SimpleNamespace(n_teams=teams, n_sectors=sectors)) for teams, sectors in sizes]  # type: ignore[arg-type] # its two sizes
    assert efforts[0] == Effort()
    assert [each.rounds for each in efforts[1:]] == [30, 7]
