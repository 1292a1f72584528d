"""Five primary schools of two LAs, in the official files, of which every sum can be worked by hand."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.scoring.kit import write_file

CAMDEN, BARNET = "202", "302"
A, B, C, D, E = (str(urn) for urn in range(110_001, 110_006))
# pupils, percent reaching the standard in all three, in reading, in maths; disadvantaged pupils and their percent
RESULTS = {
    2024: {A: (30, 50, 60, 50, 10, 30), B: (10, 30, 40, 40, 2, "SUPP"), D: (40, 70, 70, 70, 10, 50)},
    2025: {A: (30, 60, 90, 50, 10, 40), B: (10, 20, 50, 60, 2, "SUPP"), D: (40, 75, 80, 80, 10, 60)},
}
NATIONAL = {2024: (61, 74, 73), 2025: (62, 75, 74)}
ROLLS = {A: 210, B: 70, C: None, D: 280, E: 140}
LOCALITIES = {A: "North", B: "South", C: "South"}
INDICATORS = ("Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region")


def write_explore_files(folder: Path) -> Path:
    """Write all files of the five schools and of their LAs, and give the folder back."""
    write_file(folder / "edubasealldata20250901.csv", "gias", [_register(urn) for urn in ROLLS], encoding="cp1252")
    for summer, results in RESULTS.items():
        rows = [_ks2(urn, summer, results.get(urn)) for urn in (A, B, C, D)]
        rows.append(_national(summer))
        # Barnet's own row; Camden has none
        rows.append({**_national(summer), "RECTYPE": 3, "LEA": BARNET, "PTRWM_EXP": "82%"})
        write_file(folder / f"{summer - 1}-{summer}" / "england_ks2final.csv", "ks2_2019", rows, summer=summer)
    (folder / "localities.csv").write_text(
        "URN,Locality\n" + "".join(f"{urn},{name}\n" for urn, name in LOCALITIES.items()), "utf-8"
    )
    _write_neighbours(folder / "statistical_neighbours_may_2025.csv")
    _write_indicators(folder / "la_indicators.parquet")
    return folder


def _register(urn: str) -> dict[str, object]:
    is_camden = urn in (A, B, C)
    return {
        "URN": urn,
        "LA (code)": CAMDEN if is_camden else BARNET,
        "LA (name)": "Camden" if is_camden else "Barnet",
        "EstablishmentNumber": int(urn) % 10_000,
        "EstablishmentName": f"School {'ABCDE'[int(urn) % 10 - 1]}",
        "TypeOfEstablishment (name)": "Community school",
        "EstablishmentTypeGroup (name)": "Local authority maintained schools",
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": "Primary",
        "StatutoryLowAge": 4,
        "StatutoryHighAge": 11,
        "NumberOfPupils": "" if ROLLS[urn] is None else ROLLS[urn],
    }


def _ks2(urn: str, summer: int, known: tuple[object, ...] | None) -> dict[str, object]:
    row: dict[str, object] = {
        "RECTYPE": 1,
        "LEA": CAMDEN if urn in (A, B, C) else BARNET,
        "ESTAB": int(urn) % 10_000,
        "URN": urn,
        "SCHNAME": "School",
    }
    if known is None:
        return row | {"TELIG": 4, "PTRWM_EXP": "SUPP", "PTREAD_EXP": "SUPP", "PTMAT_EXP": "SUPP"}
    pupils, together, reading, maths, disadvantaged, share = known
    others = int(str(pupils)) - int(str(disadvantaged))
    return row | {
        "TELIG": pupils,
        "PTRWM_EXP": f"{together}%",
        "PTREAD_EXP": f"{reading}%",
        "PTMAT_EXP": f"{maths}%",
        "TFSM6CLA1A": disadvantaged,
        "PTRWM_EXP_FSM6CLA1A": share if share == "SUPP" else f"{share}%",
        "TNotFSM6CLA1A": others,
        "PTRWM_EXP_NotFSM6CLA1A": "70%" if urn == A else "25%",
        "TEALGRP2": 6 if urn == A else 3,
        "PTRWM_EXP_EAL": "50%" if urn == A else "SUPP",
    }


def _national(summer: int) -> dict[str, object]:
    together, reading, maths = NATIONAL[summer]
    return {
        "RECTYPE": 5,
        "PTRWM_EXP": f"{together}%",
        "PTREAD_EXP": f"{reading}%",
        "PTMAT_EXP": f"{maths}%",
        "PTRWM_EXP_FSM6CLA1A": "47%",
        "PTRWM_EXP_NotFSM6CLA1A": "69%",
    }


def _write_neighbours(path: Path) -> None:
    """Camden's list: Barnet, and nine LAs of which nothing is loaded."""
    pairs = ",".join(f"SN{place},SNP" for place in range(1, 11))
    codes = [BARNET, *range(203, 212)]
    near = ",".join(f"{code},Close" for code in codes)
    path.write_text(
        f"LA num,LA Name,LA number,GOInd,GOReg,{pairs}\n{CAMDEN},Camden,{CAMDEN},1,London,{near}\n", "utf-8"
    )


def _write_indicators(path: Path) -> None:
    figures = {
        ("DAP_NEW_KS2_RWM", "2024"): ("38", "50", "46"),
        ("DAP_NEW_KS2_RWM", "2025"): ("40", "51", "48"),
        ("NonDAP_NEW_KS2_RWM", "2024"): ("67", "70", "68"),
        ("NonDAP_NEW_KS2_RWM", "2025"): ("68", "71", "70"),
        ("NoID_SEN_NEW_KS2_RWM", "2025"): ("73", "75", "74"),
        ("NEW_KS2_RWM_Sen_W/Osta", "2025"): ("29", "30", "29"),
        ("NEW_KS2_RWM_Sen_Withsta", "2025"): ("c", "9", "9"),
        # after the day of the build
        ("DAP_NEW_KS2_RWM", "2026"): ("90", "90", "90"),
    }
    places = (("Camden", 202.0, "London"), ("Barnet", 302.0, "London"), ("England", 970.0, "NA"))
    rows = [
        (indicator, "", year, name, value, code, region)
        for (indicator, year), values in figures.items()
        for (name, code, region), value in zip(places, values, strict=True)
    ]
    pq.write_table(pa.Table.from_pylist([dict(zip(INDICATORS, row, strict=True)) for row in rows]), path)
