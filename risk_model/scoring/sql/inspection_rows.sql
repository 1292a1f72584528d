-- table:   inspection_rows               grain: one row per school of today and mention of an inspection in a file
-- reads:   stg_ofsted*_rows, successions, schools
-- rule:    a file says of one school its latest, its previous and its ungraded inspection: each is a mention
-- missing: urn_at_time is NULL where the file does not say which school was inspected
with every_one as (
    select 'latest' as part, urn as current_urn, coalesce(urn_at_time, if(relates = 'Yes', urn, null)) as urn_at_time,
           relates is not null as is_stated, coalesce(relates = 'No', false) as inherited,
           start_date, end_date, publication_date, inspection_number, inspection_type, event_type,
           overall, quality_of_education, behaviour, personal_development, leadership, early_years, sixth_form,
           teaching, behaviour_and_welfare, pupil_outcomes, category, safeguarding,
           release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_rows where scope = 'school' and start_date is not null
    union all by name
    select 'previous' as part, urn as current_urn,
           coalesce(previous_urn_at_time, if(previous_relates = 'Yes', urn, null)) as urn_at_time,
           previous_relates is not null as is_stated, coalesce(previous_relates = 'No', false) as inherited,
           previous_start_date as start_date, previous_end_date as end_date,
           previous_publication_date as publication_date, previous_inspection_number as inspection_number,
           previous_overall as overall, previous_quality_of_education as quality_of_education,
           previous_behaviour as behaviour, previous_personal_development as personal_development,
           previous_leadership as leadership, previous_early_years as early_years,
           previous_sixth_form as sixth_form, previous_teaching as teaching,
           previous_behaviour_and_welfare as behaviour_and_welfare, previous_pupil_outcomes as pupil_outcomes,
           previous_category as category, previous_safeguarding as safeguarding,
           release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_rows where scope = 'school' and previous_start_date is not null
    union all by name
    select 'ungraded' as part, urn as current_urn,
           coalesce(ungraded_urn, if(ungraded_relates = 'Yes', urn, null)) as urn_at_time,
           ungraded_relates is not null as is_stated, coalesce(ungraded_relates = 'No', false) as inherited,
           ungraded_start_date as start_date, ungraded_publication_date as publication_date,
           ungraded_number as inspection_number, ungraded_outcome, ungraded_converted as converted,
           release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_rows where scope = 'school' and ungraded_start_date is not null
    union all by name
    select 'report card' as part, urn as current_urn,
           coalesce(urn_at_time, if(relates = 'Yes', urn, null)) as urn_at_time,
           relates is not null as is_stated, coalesce(relates = 'No', false) as inherited,
           start_date, end_date, publication_date, inspection_number, inspection_type, event_type,
           category, safeguarding, inclusion, curriculum_and_teaching, achievement, attendance_and_behaviour,
           personal_development_and_wellbeing, early_years_area, post_16, leadership_and_governance,
           safeguarding_date, inclusion_date, curriculum_and_teaching_date, achievement_date,
           attendance_and_behaviour_date, personal_development_and_wellbeing_date, early_years_area_date,
           post_16_date, leadership_and_governance_date,
           release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_report_cards_rows where scope = 'school' and start_date is not null
    union all by name
    select 'latest before report cards' as part, urn as current_urn,
           coalesce(oeif_urn_at_time, if(oeif_relates = 'Yes', urn, null)) as urn_at_time,
           oeif_relates is not null as is_stated, coalesce(oeif_relates = 'No', false) as inherited,
           oeif_start_date as start_date, oeif_publication_date as publication_date,
           oeif_inspection_number as inspection_number, oeif_inspection_type as inspection_type,
           oeif_event_type as event_type, oeif_overall as overall,
           oeif_quality_of_education as quality_of_education, oeif_behaviour as behaviour,
           oeif_personal_development as personal_development, oeif_leadership as leadership,
           oeif_early_years as early_years, oeif_sixth_form as sixth_form, oeif_category as category,
           oeif_safeguarding as safeguarding,
           release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_report_cards_rows where scope = 'school' and oeif_start_date is not null
    union all by name
    select 'ungraded' as part, urn as current_urn,
           coalesce(ungraded_urn, if(ungraded_relates = 'Yes', urn, null)) as urn_at_time,
           ungraded_relates is not null as is_stated, coalesce(ungraded_relates = 'No', false) as inherited,
           ungraded_start_date as start_date, ungraded_publication_date as publication_date,
           ungraded_number as inspection_number, ungraded_outcome, ungraded_converted as converted,
           release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_report_cards_rows where scope = 'school' and ungraded_start_date is not null
    union all by name
    -- a list by inspection: its URN is the school inspected
    select 'own row' as part, null as current_urn, urn as urn_at_time, false as is_stated, false as inherited,
           start_date, end_date, publication_date, inspection_number, inspection_type, event_type,
           overall, quality_of_education, behaviour, personal_development, leadership, early_years, sixth_form,
           teaching, behaviour_and_welfare, coalesce(pupil_outcomes, learners_achieve) as pupil_outcomes, category, safeguarding,
           inclusion, curriculum_and_teaching, achievement, attendance_and_behaviour,
           personal_development_and_wellbeing, early_years_area, post_16, leadership_and_governance,
           ungraded_outcome, ungraded_converted as converted, monitoring_outcome,
           release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_inspections_rows where scope = 'school' and start_date is not null
    union all by name
    select 'before own row' as part, null as current_urn,
           coalesce(previous_urn_at_time, if(previous_relates = 'No', predecessor_urn, urn)) as urn_at_time,
           false as is_stated, false as inherited, previous_start_date as start_date,
           previous_end_date as end_date, previous_publication_date as publication_date,
           previous_inspection_number as inspection_number, previous_overall as overall,
           previous_quality_of_education as quality_of_education, previous_behaviour as behaviour,
           previous_personal_development as personal_development, previous_leadership as leadership,
           previous_early_years as early_years, previous_sixth_form as sixth_form, previous_teaching as teaching,
           previous_behaviour_and_welfare as behaviour_and_welfare, previous_pupil_outcomes as pupil_outcomes,
           previous_category as category, previous_safeguarding as safeguarding,
           release_id, published_on as release_published_on, row_number, 1 as origin
    from stg_ofsted_inspections_rows where scope = 'school' and previous_start_date is not null
    union all by name
    -- what was joined from a snapshot without numbers stands under the URN of the snapshot's day
    select 'joined list' as part, current_urn,
           if(inspection_number is null and joined_from like 'MI%', null, urn) as urn_at_time,
           urn as urn_listed, current_urn is not null as is_stated,
           coalesce(current_urn <> urn, false) as inherited, start_date, publication_date, inspection_number,
           inspection_type, event_type, overall, quality_of_education, behaviour, personal_development, leadership,
           early_years, sixth_form, category, safeguarding, ungraded_outcome, event_kind = 'ungraded' as is_ungraded,
           joined_from, release_id, published_on as release_published_on, row_number, 2 as origin
    from stg_ofsted_events_rows where scope = 'school' and start_date is not null
    union all by name
    select 'history' as part, null as current_urn, urn as urn_at_time, false as is_stated, false as inherited,
           start_date, overall, release_id, published_on as release_published_on, row_number, 3 as origin
    from stg_ofsted_history_rows where scope = 'school' and start_date is not null
),
told_apart as (
    select *,
           case
               when part = 'report card'
                    or coalesce(inclusion, curriculum_and_teaching, achievement, attendance_and_behaviour,
                                personal_development_and_wellbeing, early_years_area, post_16,
                                leadership_and_governance) is not null then 'report card'
               when part = 'ungraded' or coalesce(is_ungraded, false) then
                   if(coalesce(converted, 'No') = 'Yes', 'converted', 'ungraded')
               when coalesce(overall, leadership, quality_of_education) is not null then 'graded'
               when ungraded_outcome is not null then 'ungraded'
               when converted = 'Yes' then 'converted'
               when part in ('latest', 'own row') then 'monitoring'
           end as kind
    from every_one
),
-- a school of today by the URN inspected: itself, as the files say, or by what came before it at any remove
successors as (
    select distinct predecessor_urn as urn_at_time, urn as current_urn, how = 'merger' as is_one_of_several
    from successions
    where how in ('replaced', 'merger', 'split')
),
-- a register newer than the day names a school by the number that it has had since
numbers as (
    select urn as listed_urn, urn, open_date from schools
    union all
    select stands_in_urn, urn, open_date from schools where stands_in_urn is not null
),
final as (
    select e.* exclude (current_urn, inherited, is_ungraded)
               -- a school is not inspected before it opens: the file names the school of today, not the one inspected
               replace (if(e.start_date < own.open_date, null, e.urn_at_time) as urn_at_time),
           coalesce(own.urn, stated.urn, linked.current_urn) as urn,
           coalesce(linked.is_one_of_several, false) as is_one_of_several,
           (e.overall is not null)::int + (e.leadership is not null)::int + (e.quality_of_education is not null)::int
           + (e.inspection_number is not null)::int + (e.publication_date is not null)::int
           + (e.ungraded_outcome is not null)::int as says,
           -- a school that stands under its own number inherits only what a file says it does, or what is older than it
           case when own.urn is not null then coalesce(e.start_date < own.open_date, false)
                when stated.urn is not null then e.inherited or coalesce(e.urn_at_time <> stated.urn, false)
                else true end as inherited
    from told_apart as e
    left join numbers as stated on stated.listed_urn = e.current_urn
    -- what a file says of the school of its day is said of that; where there is no such school on the day, of the one
    -- that was inspected
    left join numbers as own
        on own.listed_urn = coalesce(e.urn_at_time, e.current_urn)
        and not (e.is_stated and e.inherited and stated.listed_urn = stated.urn)
    left join successors as linked
        on own.urn is null and stated.urn is null and linked.urn_at_time = coalesce(e.urn_at_time, e.current_urn)
    where e.kind is not null and coalesce(own.urn, stated.urn, linked.current_urn) is not null
        -- a file newer than the day may have a school's inspections under that which took it over since
        and (e.release_published_on <= $as_at or own.urn is not null or stated.urn is null
             or coalesce(e.urn_at_time, stated.urn) = stated.urn or e.start_date < stated.open_date
             or (e.urn_at_time, stated.urn) in (select (predecessor_urn, urn) from successions))
)
select * from final
