-- table:   inspection_area_grades        grain: one row per report card, area and grade that it has had
-- reads:   inspection_sources, inspection_rows
-- rule:    monitoring may give an area a new grade, with its own date; the one before stands in an earlier release
-- missing: changed is NULL where no release says what the grade was before
with cards as (
    select r.*, r.rowid as mention_id, s.inspection_id
    from inspection_sources as s
    inner join inspection_rows as r on r.rowid = s.mention_id
    where r.kind = 'report card'
),
graded as (
    select mention_id, 'inclusion' as area, inclusion as grade, coalesce(inclusion_date, start_date) as graded_on from cards
    union all
    select mention_id, 'curriculum and teaching' as area, curriculum_and_teaching as grade, coalesce(curriculum_and_teaching_date, start_date) as graded_on from cards
    union all
    select mention_id, 'achievement' as area, achievement as grade, coalesce(achievement_date, start_date) as graded_on from cards
    union all
    select mention_id, 'attendance and behaviour' as area, attendance_and_behaviour as grade, coalesce(attendance_and_behaviour_date, start_date) as graded_on from cards
    union all
    select mention_id, 'personal development and wellbeing' as area, personal_development_and_wellbeing as grade, coalesce(personal_development_and_wellbeing_date, start_date) as graded_on from cards
    union all
    select mention_id, 'early years' as area, early_years_area as grade, coalesce(early_years_area_date, start_date) as graded_on from cards
    union all
    select mention_id, 'post-16' as area, post_16 as grade, coalesce(post_16_date, start_date) as graded_on from cards
    union all
    select mention_id, 'leadership and governance' as area, leadership_and_governance as grade, coalesce(leadership_and_governance_date, start_date) as graded_on from cards
),
-- a grade counts with the report, one given later with the first release that has it
known as (
    select c.inspection_id, c.urn, g.area, g.grade, g.graded_on, c.start_date as inspected_on,
           -- an inspection lasts some days, and none is monitored in the first week
           g.graded_on > c.start_date + 7 as is_regraded,
           min(c.release_published_on) as first_told_on, arg_min(c.release_id, c.release_published_on) as release_id,
           arg_min(c.row_number, c.release_published_on) as row_number
    from graded as g
    inner join cards as c using (mention_id)
    where g.grade is not null and g.graded_on <= $as_at
    group by all
    having not is_regraded or min(c.release_published_on) <= $as_at
),
ranked as (
    select *, list_position(
                  ['Urgent improvement', 'Needs attention', 'Expected standard', 'Strong standard', 'Exceptional'], grade
              ) as standing
    from known
),
final as (
    select * exclude (standing),
           lag(grade) over earlier as grade_before,
           case when is_regraded then
               case sign(standing - lag(standing) over earlier) when 1 then 'up' when -1 then 'down' when 0 then 'same' end
           end as changed,
           row_number() over (partition by inspection_id, area order by graded_on desc, first_told_on desc) = 1 as is_latest
    from ranked
    window earlier as (partition by inspection_id, area order by graded_on, first_told_on)
)
select * from final
order by urn, inspection_id, area, graded_on
