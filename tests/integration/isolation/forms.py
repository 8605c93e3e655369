"""What fixtures are made of."""
import dataclasses
import itertools
import uuid

_numbers = itertools.count(1)


def fresh():
    return str(uuid.uuid4())


def unique():
    return f'iso{next(_numbers)}'


@dataclasses.dataclass
class Request:
    path: str
    body: dict | None = None
    method: str = ''  # of the route
    finds: int = 404  # status when the id is not there


@dataclasses.dataclass
class Fixture:
    naming: object = lambda own, other: []
    making: object = None
    listing: object = lambda own: []
    sample: object = None  # own -> Request that is good but for who sends it
    reads: bool = False  # a POST that changes nothing and finds what its owner names
