"""What is known of lost people by category: distances, directions, pulls, habits; tables that can be bought.

Parameters are data beside this module, each row with its source, the number of cases and how far it is to be
believed. The API process may import this package.
"""

from search_ops.lost_person.book import Book, book
from search_ops.lost_person.shipped import known_categories

__all__ = ["Book", "book", "known_categories"]
