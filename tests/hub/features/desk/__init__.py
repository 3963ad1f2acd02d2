"""Tests of the desk: the home page, favourites, what one adds."""
