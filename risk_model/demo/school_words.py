"""How each publisher names a school's type, phase, ages and religion."""

from risk_model.demo.schools import School

# GIAS: code and group of each type.
GIAS_TYPES = {
    "Community school": ("1", "4", "Local authority maintained schools"),
    "Voluntary aided school": ("2", "4", "Local authority maintained schools"),
    "Voluntary controlled school": ("3", "4", "Local authority maintained schools"),
    "Foundation school": ("5", "4", "Local authority maintained schools"),
    "Community special school": ("7", "5", "Special schools"),
    "Pupil referral unit": ("14", "4", "Local authority maintained schools"),
    "Local authority nursery school": ("15", "4", "Local authority maintained schools"),
    "Academy sponsor led": ("28", "10", "Academies"),
    "Academy converter": ("34", "10", "Academies"),
    "Free schools": ("35", "11", "Free Schools"),
    "Free schools special": ("36", "11", "Free Schools"),
    "Academy alternative provision converter": ("42", "10", "Academies"),
    "Academy special converter": ("44", "10", "Academies"),
}

OFSTED_TYPES = {
    "Community school": "Community School",
    "Voluntary aided school": "Voluntary Aided School",
    "Voluntary controlled school": "Voluntary Controlled School",
    "Foundation school": "Foundation School",
    "Community special school": "Community Special School",
    "Pupil referral unit": "Pupil Referral Unit",
    "Local authority nursery school": "LA Nursery School",
    "Academy sponsor led": "Academy Sponsor Led",
    "Academy converter": "Academy Converter",
    "Free schools": "Free School",
    "Free schools special": "Free School Special",
    "Academy alternative provision converter": "Academy Alternative Provision Converter",
    "Academy special converter": "Academy Special Converter",
}

# Codes of the performance tables (NFTYPE).
FINAL_TYPES = {
    "Community school": "CY",
    "Voluntary aided school": "VA",
    "Voluntary controlled school": "VC",
    "Foundation school": "FD",
    "Community special school": "CYS",
    "Academy sponsor led": "AC",
    "Academy converter": "ACC",
    "Free schools": "F",
    "Free schools special": "FS",
    "Academy special converter": "ACCS",
}

GIAS_PHASES = {
    "infant": ("2", "Primary"),
    "junior": ("2", "Primary"),
    "primary": ("2", "Primary"),
    "secondary": ("4", "Secondary"),
    "all-through": ("7", "All-through"),
    "special": ("0", "Not applicable"),
    "alternative provision": ("0", "Not applicable"),
    "nursery": ("1", "Nursery"),
}

OFSTED_PHASES = {
    "infant": "Primary",
    "junior": "Primary",
    "primary": "Primary",
    "secondary": "Secondary",
    "all-through": "Secondary",
    "special": "Special",
    "alternative provision": "PRU",
    "nursery": "Nursery",
}


def age_range(school: School) -> str:
    """The ages that a school takes, as the performance tables write them: 4-11."""
    return f"{school.low_age}-{school.high_age}"


def religion_in_tables(school: School) -> str:
    """Religious character as the tables and the register write it; academies without one have "None"."""
    return school.religious or ("None" if school.is_academy else "Does not apply")


def head_job_title(number: int) -> str:
    """What the head is called; one in twenty acts for now or leads several schools."""
    if number % 41 == 3:
        return "Acting Headteacher"
    return "Executive Headteacher" if number % 23 == 5 else "Headteacher"
