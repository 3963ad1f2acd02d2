"""Pictures that people send of themselves: decoded and written anew, in a process that is killed at its limits.

What comes out holds nothing of the file but what one sees: no place, no camera, no words, no second picture.
"""

from hub.ground.pictures.worker import LARGEST, SIDE, portrait

__all__ = ["LARGEST", "SIDE", "portrait"]
