-- table:   backtest_answers              grain: one row per graded inspection, report card, or ungraded one with an outcome
-- reads:   judged_inspections (as `inspections`, with all that was published since)
-- rule:    failed: graded, below good; a report card, an area that needs attention or worse, softly counted only in
--          leadership, teaching or achievement. An area is graded anew only where it fell short at the inspection
-- missing: NULL where an inspection gave no new grade, or where nobody says any more what it was
with asked as (
    select *,
           coalesce(urn_at_time, urn) as urn_inspected,
           coalesce(leadership_and_governance_date > start_date + 7, false) as is_leadership_anew,
           coalesce(curriculum_and_teaching_date > start_date + 7, false)
           or coalesce(achievement_date > start_date + 7, false) as is_core_anew,
           coalesce(greatest(inclusion_date, attendance_and_behaviour_date, personal_development_and_wellbeing_date,
                             early_years_area_date, post_16_date, safeguarding_date) > start_date + 7, false)
               as is_other_anew
    from judged_inspections
    where start_date between cast($first_day as date) and cast($last_day as date)
        and (kind in ('graded', 'report card') or kind = 'ungraded' and mapping in ('M6', 'M7', 'M8', 'M9', 'M10'))
),
final as (
    select *,
           case when kind = 'graded' then case good_or_better when 'no' then true when 'yes' then false end
                when kind <> 'report card' then null
                when is_leadership_anew or is_core_anew or is_other_anew then true
                when rc_outcome in ('mixed', 'below', 'category') then true
                when rc_outcome = 'meets' then false
           end as failed,
           case when kind = 'graded' then case good_or_better when 'no' then true when 'yes' then false end
                when kind <> 'report card' then null
                when rc_outcome = 'category' or is_leadership_anew or is_core_anew then true
                when 'Needs attention' in (leadership_and_governance, curriculum_and_teaching, achievement) then true
                when leadership_and_governance is not null and curriculum_and_teaching is not null
                     and achievement is not null then false
           end as failed_soft,
           case when kind = 'graded' and leadership in ('3', '4') then true
                when kind = 'graded' and leadership in ('1', '2') then false
                when kind <> 'report card' then null
                when is_leadership_anew then true
                when leadership_and_governance in ('Needs attention', 'Urgent improvement') then true
                when leadership_and_governance is not null then false
           end as failed_leadership
    from asked
)
select * from final
