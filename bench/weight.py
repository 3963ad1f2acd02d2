"""How much memory a value holds: of all Python objects that it leads to, each once."""

import gc
import sys
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, MethodType, ModuleType

_SHARED = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType, CodeType, FrameType)
"""What belongs to the program, not to the value."""


def weight(*roots: object, without: tuple[object, ...] = ()) -> int:
    """Bytes of everything that can be reached from the roots; not of `without`, nor of what only that leads to."""
    seen = {id(one) for one in without}
    waiting, found = [root for root in roots if id(root) not in seen], 0
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, _SHARED):
            continue
        seen.add(id(one))
        found += sys.getsizeof(one)
        waiting += gc.get_referents(one)
    return found
