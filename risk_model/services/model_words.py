"""What the model card says whatever the figures are: what it is for, what cannot be compared, what it cannot know."""

PURPOSE = (
    "to decide, in the open, which schools the LA looks at first, and whether help is already there",
    "to begin a conversation with a head teacher and governors on evidence that both sides can see",
    "to find the schools about which too little is known",
)
NOT_FOR = (
    "saying which grade an inspection will give, or when it will come",
    "ranking schools, league tables or parents' choice of a school",
    "judging a head teacher or a member of staff, or deciding about their pay or post",
    "deciding anything by itself: people review each school, and what they agree stands beside the computed level",
)
# Source: the mapping of grades in data/lookups/inspection_mapping.csv, and Ofsted's own words on report cards.
ERAS = (
    "To August 2012 a school below good was “satisfactory”, which was no failure then: such a grade is left out of "
    "every count here, and is never shown as “requires improvement”.",
    "September 2012 to August 2024: overall grades 1 to 4. They can be put side by side with care; what was inspected "
    "changed in 2015 and in 2019, and from March 2020 to September 2021 hardly any school was graded.",
    "September 2024 to 9 November 2025: no overall grade. Whether a school was below good is our reading of the key "
    "judgements, not Ofsted's word; the strictest reading is used, and the milder one is kept beside it.",
    "From 10 November 2025: report cards, which Ofsted says are not directly comparable with grades. They are counted "
    "by themselves, in three ways, and never added to grades.",
    "Ungraded inspections give no grade. That one ended with a warning is counted by itself.",
)
BIAS = (
    "Which schools had a graded inspection was not drawn by lot. To November 2025 most good schools had ungraded "
    "visits, and a graded one came where a visit had raised a concern, where the last grade was below good, or where "
    "the school was new. So the rates hold for schools that were graded, who are weaker as a whole, and not for all.",
    "Since report cards every routine inspection is a full one: rates among them may well be different.",
    "An inspection's outcome itself leans on the intake: schools with many disadvantaged pupils are judged below more "
    "often. A model that foresees outcomes well takes that lean over unless it is held against.",
)
LIMITS = (
    "It knows what is published and what the LA has recorded. It does not know what happened in school last week.",
    "Results are published months after they were taken, and some years have none: no tests in 2019/20 and 2020/21, no "
    "progress from key stage 2 for 2023/24 and 2024/25, no Progress 8 for 2024/25 and 2025/26.",
    "In a small school one pupil moves a percentage by several points; small groups are not published at all.",
    "The back-test has published evidence only. Visits, notices and plans that an LA records are not in it, so for the "
    "statement on leaders and governors it says less than the screen does.",
    "A rate of the past is not a promise: another framework, other inspectors or other rules make other rates.",
)
ALTERNATIVES = (
    "Going by the last grade alone, by the best single measure, and by the mere number of rules raised: how each did "
    "on the same inspections stands beside the model's own figures.",
)
NO_FIGURES = (
    "No figures of a back-test are held for these rules, so nothing can be said about how often they are right. "
    "The command “python -m risk_model backtest” makes them from the files that are loaded."
)
INVENTED_BRIEFLY = "They were England's schools: this one is invented."
INVENTED = (
    "The schools shown are invented. The figures are England's, of real inspections: they say how the rules did there, "
    "and nothing about the invented schools."
)
