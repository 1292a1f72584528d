-- table:   inspection_contradictions     grain: one row per inspection, field and file that says otherwise
-- reads:   inspection_sources, inspection_rows
-- rule:    two files contradict one another where both say something and it is not the same; nothing is averaged
-- missing: a file that is silent, or that says "not judged" of a part, contradicts nobody
with mentions as (
    select s.inspection_id, s.is_the_one_used, s.mention_id, s.used_id, r.*
    from inspection_sources as s
    inner join inspection_rows as r on r.rowid = s.mention_id
    -- a short inspection that became a full one has a day of its own, and no grade
    where not s.is_converted
),
pairs as (
    select h.inspection_id, h.urn, h.mention_id as used_id, t.mention_id as other_id
    from mentions as h
    inner join mentions as t on t.used_id = h.mention_id and not t.is_the_one_used
    where h.is_the_one_used
        and (h.kind <> t.kind
             or h.urn_at_time <> t.urn_at_time
             or h.start_date <> t.start_date
             or h.publication_date <> t.publication_date
             or h.category <> t.category
             or h.ungraded_outcome <> t.ungraded_outcome
             or h.overall <> t.overall
             or h.quality_of_education <> t.quality_of_education
             or h.behaviour <> t.behaviour
             or h.personal_development <> t.personal_development
             or h.leadership <> t.leadership
             or h.early_years <> t.early_years
             or h.sixth_form <> t.sixth_form
             or h.teaching <> t.teaching
             or h.behaviour_and_welfare <> t.behaviour_and_welfare
             or h.pupil_outcomes <> t.pupil_outcomes
             or h.safeguarding <> t.safeguarding
             or h.inclusion <> t.inclusion
             or h.curriculum_and_teaching <> t.curriculum_and_teaching
             or h.achievement <> t.achievement
             or h.attendance_and_behaviour <> t.attendance_and_behaviour
             or h.personal_development_and_wellbeing <> t.personal_development_and_wellbeing
             or h.early_years_area <> t.early_years_area
             or h.post_16 <> t.post_16
             or h.leadership_and_governance <> t.leadership_and_governance)
),
said as (
    select p.inspection_id, p.urn, here, there,
           -- an area that was given another grade later is no contradiction: see inspection_area_grades
           unnest([
               {'field': 'kind of inspection', 'here': here.kind::varchar, 'there': there.kind::varchar},
               {'field': 'URN of the school inspected', 'here': here.urn_at_time::varchar, 'there': there.urn_at_time::varchar},
               {'field': 'first day', 'here': here.start_date::varchar,
                'there': if(here.kind = there.kind, there.start_date::varchar, null)},
               {'field': 'publication date', 'here': here.publication_date::varchar, 'there': there.publication_date::varchar},
               {'field': 'category of concern', 'here': here.category::varchar, 'there': there.category::varchar},
               {'field': 'outcome', 'here': here.ungraded_outcome::varchar, 'there': there.ungraded_outcome::varchar},
               {'field': 'overall effectiveness', 'here': if(here.overall in ('0', '8', '9'), null, here.overall), 'there': if(there.overall in ('0', '8', '9'), null, there.overall)},
               {'field': 'quality of education', 'here': if(here.quality_of_education in ('0', '8', '9'), null, here.quality_of_education), 'there': if(there.quality_of_education in ('0', '8', '9'), null, there.quality_of_education)},
               {'field': 'behaviour and attitudes', 'here': if(here.behaviour in ('0', '8', '9'), null, here.behaviour), 'there': if(there.behaviour in ('0', '8', '9'), null, there.behaviour)},
               {'field': 'personal development', 'here': if(here.personal_development in ('0', '8', '9'), null, here.personal_development), 'there': if(there.personal_development in ('0', '8', '9'), null, there.personal_development)},
               {'field': 'leadership and management', 'here': if(here.leadership in ('0', '8', '9'), null, here.leadership), 'there': if(there.leadership in ('0', '8', '9'), null, there.leadership)},
               {'field': 'early years', 'here': if(here.early_years in ('0', '8', '9'), null, here.early_years), 'there': if(there.early_years in ('0', '8', '9'), null, there.early_years)},
               {'field': 'sixth form', 'here': if(here.sixth_form in ('0', '8', '9'), null, here.sixth_form), 'there': if(there.sixth_form in ('0', '8', '9'), null, there.sixth_form)},
               {'field': 'teaching', 'here': if(here.teaching in ('0', '8', '9'), null, here.teaching), 'there': if(there.teaching in ('0', '8', '9'), null, there.teaching)},
               {'field': 'behaviour and welfare', 'here': if(here.behaviour_and_welfare in ('0', '8', '9'), null, here.behaviour_and_welfare), 'there': if(there.behaviour_and_welfare in ('0', '8', '9'), null, there.behaviour_and_welfare)},
               {'field': 'outcomes for pupils', 'here': if(here.pupil_outcomes in ('0', '8', '9'), null, here.pupil_outcomes), 'there': if(there.pupil_outcomes in ('0', '8', '9'), null, there.pupil_outcomes)},
               {'field': 'safeguarding', 'here': nullif(here.safeguarding, '9'), 'there': nullif(there.safeguarding, '9')},
               {'field': 'inclusion', 'here': here.inclusion,
                'there': if(coalesce(here.inclusion_date, here.start_date) = coalesce(there.inclusion_date, there.start_date),
                            there.inclusion, null)},
               {'field': 'curriculum and teaching', 'here': here.curriculum_and_teaching,
                'there': if(coalesce(here.curriculum_and_teaching_date, here.start_date) = coalesce(there.curriculum_and_teaching_date, there.start_date),
                            there.curriculum_and_teaching, null)},
               {'field': 'achievement', 'here': here.achievement,
                'there': if(coalesce(here.achievement_date, here.start_date) = coalesce(there.achievement_date, there.start_date),
                            there.achievement, null)},
               {'field': 'attendance and behaviour', 'here': here.attendance_and_behaviour,
                'there': if(coalesce(here.attendance_and_behaviour_date, here.start_date) = coalesce(there.attendance_and_behaviour_date, there.start_date),
                            there.attendance_and_behaviour, null)},
               {'field': 'personal development and wellbeing', 'here': here.personal_development_and_wellbeing,
                'there': if(coalesce(here.personal_development_and_wellbeing_date, here.start_date) = coalesce(there.personal_development_and_wellbeing_date, there.start_date),
                            there.personal_development_and_wellbeing, null)},
               {'field': 'early years', 'here': here.early_years_area,
                'there': if(coalesce(here.early_years_area_date, here.start_date) = coalesce(there.early_years_area_date, there.start_date),
                            there.early_years_area, null)},
               {'field': 'post-16', 'here': here.post_16,
                'there': if(coalesce(here.post_16_date, here.start_date) = coalesce(there.post_16_date, there.start_date),
                            there.post_16, null)},
               {'field': 'leadership and governance', 'here': here.leadership_and_governance,
                'there': if(coalesce(here.leadership_and_governance_date, here.start_date) = coalesce(there.leadership_and_governance_date, there.start_date),
                            there.leadership_and_governance, null)}
           ]) as one
    from pairs as p
    inner join inspection_rows as here on here.rowid = p.used_id
    inner join inspection_rows as there on there.rowid = p.other_id
),
final as (
    select inspection_id, urn, one.field as field, one.here as value_used, here.release_id as release_id,
           here.row_number as row_number, here.part as part, one.there as value_there,
           there.release_id as other_release_id, there.row_number as other_row_number, there.part as other_part,
           there.joined_from as other_joined_from,
           case when here.kind <> there.kind then 'a full inspection tells more than one without grades'
                when here.is_stated and not there.is_stated then 'it says which school was inspected'
                when here.origin < there.origin then 'it is Ofsted''s own file, the other a list made from several'
                when here.says > there.says then 'it says more of the inspection'
                else 'its release is the newer one, or its row the first' end as why
    from said
    where one.here <> one.there
)
select * from final
order by urn, inspection_id, field, other_release_id, other_row_number
