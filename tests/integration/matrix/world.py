"""The naive model of the world that five dialects show: cards, holders, points, money.

Figures are whole minor units. Nothing here is read from the service but the ids it gave.
"""
import dataclasses

LOYALTY, GIFT, MEMBERSHIP = 'loyalty', 'giftcard', 'membership'


@dataclasses.dataclass
class Person:
    guid: str
    serial: int
    name: str
    locked: bool = False
    credit: bool = False
    cards: list = dataclasses.field(default_factory=list)  # as attached, the first one is primary
    survivor: 'Person' = None

    @property
    def primary(self):
        return self.cards[0] if self.cards else None


@dataclasses.dataclass
class Card:
    guid: str
    serial: int
    barcode: str
    code: str
    kind: str = LOYALTY
    active: bool = True
    blocked: bool = False  # by itself, not by its holder
    points: int = 0
    money: int = 0
    holder: Person = None
    attached: int = 0  # its place in time
    deleted: bool = False

    @property
    def shut(self):
        return self.blocked or bool(self.holder and self.holder.locked)

    @property
    def status(self):
        """Capillary's word for it."""
        if self.shut:
            return 'SUSPENDED'
        if not self.holder:
            return 'NOT_ISSUED'
        return 'ACTIVE' if self.active else 'ISSUED'

    @property
    def takes(self):
        return not self.shut

    @property
    def gives(self):
        return not self.shut and self.active


MOMENT = 1000  # between two links


class World:
    def __init__(self, credit_line):
        self.cards, self.persons, self.now = [], [], 0
        self.credit_line = credit_line  # of holders who may have credit

    def line(self, card):
        allowed = card.holder and card.holder.credit and card.kind != GIFT
        return self.credit_line if allowed else 0

    def attach(self, card, person):
        self.now += MOMENT
        card.holder, card.attached = person, self.now
        person.cards.append(card)

    def detach(self, card):
        card.holder.cards.remove(card)
        card.holder = None

    def make_primary(self, card, person):
        """As core-data writes cardId: the old primary goes, this one leads."""
        old = person.primary
        if old is card:
            return
        if card.holder is not person:
            self.attach(card, person)
        if old:
            card.attached = old.attached - 1
            self.detach(old)
        person.cards.sort(key=self.order)

    @staticmethod
    def order(card):
        return card.attached, card.guid

    def merge(self, victim, survivor):
        """The survivor's primary card stays the first, the others follow as they were attached."""
        first = survivor.primary
        for card in victim.cards:
            card.holder = survivor
            if first and card.attached <= first.attached:
                card.attached = first.attached + 1
        survivor.cards = sorted(survivor.cards + victim.cards, key=self.order)
        victim.cards, victim.survivor = [], survivor

    def remove(self, card):
        if card.holder:
            self.detach(card)
        card.deleted, card.points, card.money = True, 0, 0
        self.cards.remove(card)
