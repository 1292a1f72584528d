"""Invented places, trusts and names. None is real; a test compares the schools with England's."""

from dataclasses import dataclass

LA_CODE = "999"
LA_NAME = "Exampleshire"
LA_GSS_CODE = "E10000999"
REGION = "Example region"

LOCALITIES = (
    "Alder Valley",
    "Brackenside",
    "Cinder Hills",
    "Dunmar Coast",
    "Elver Marsh",
    "Fallow Downs",
    "Garrow Town",
    "Isterport",
    "Juniper Vale",
    "Merrow Forest",
    "Orrin Levels",
    "Thistlemoor",
)

# The rectangle lies in the North Sea, so that no school of the demo stands where a real one could.
WEST, SOUTH, WIDTH, HEIGHT = 575_000, 370_000, 48_000, 36_000

NAME_STARTS = (
    "Alderwen",
    "Brackenor",
    "Cindermoss",
    "Dunmar",
    "Elverdun",
    "Fallowyn",
    "Garrowen",
    "Hazelquay",
    "Isterdun",
    "Junipor",
    "Kestrelwyn",
    "Larkenor",
    "Merrowyn",
    "Netherquill",
    "Orrindale",
    "Pinderwyn",
    "Quillon",
    "Rushenor",
    "Sorrelwyn",
    "Thistledun",
    "Umberwyn",
    "Vellandor",
    "Withywen",
    "Yarrowdun",
)
NAME_ENDS = (
    "Bank",
    "Croft",
    "Fold",
    "Garth",
    "Holt",
    "Lea",
    "Mere",
    "Moor",
    "Reach",
    "Rise",
    "Stead",
    "Wick",
)

CHURCH_WORDS = {"Church of England": "Church of England", "Roman Catholic": "Catholic"}
DIOCESES = {
    "Church of England": ("CE99", "Diocese of Exampleshire"),
    "Roman Catholic": ("RC99", "Diocese of Example Port"),
}
CONSTITUENCIES = ("Exampleshire North", "Exampleshire South", "Exampleshire Coast", "Garrow and Isterport")


@dataclass(frozen=True)
class Trust:
    """An invented academy trust.

    Attributes:
        uid: number of the group in the register.
        places: how many of the LA's schools it runs.
        sponsor: whether it takes schools on as their sponsor.
    """

    uid: str
    name: str
    places: int
    sponsor: bool


TRUSTS = (
    Trust("90001", "Alderwen Learning Trust", 14, True),
    Trust("90002", "Lantern Bridge Academies Trust", 13, True),
    Trust("90003", "Three Becks Education Trust", 12, True),
    Trust("90004", "Diocese of Exampleshire Academies Trust", 11, False),
    Trust("90005", "Merrowyn Schools Partnership", 9, True),
    Trust("90006", "Isterport Endeavour Trust", 8, True),
    Trust("90007", "Saint Aldwyth Catholic Academies Trust", 7, False),
    Trust("90008", "Copper Beech Collegiate", 6, False),
    Trust("90009", "Fallowyn Federation Trust", 5, False),
    Trust("90010", "Tidewrack Academies", 4, True),
    Trust("90011", "Quillon Community Trust", 3, False),
    Trust("90012", "Juniporvale Special Academies Trust", 4, False),
    Trust("90013", "Orrindale Academy Trust", 1, False),
    Trust("90014", "Garrowen Grammar Academy Trust", 1, False),
)


def school_names() -> list[str]:
    """Every invented place name that a school may bear, starts varied first."""
    return [f"{start} {end}" for end in NAME_ENDS for start in NAME_STARTS]
