-- table:   inspections                   grain: one row per school of today and inspection, every era
-- reads:   inspection_rows, inspection_sources, inspection_mapping
-- rule:    the mapping of grades is a versioned lookup; an inspection counts from its own publication on
-- missing: good_or_better is NULL where nothing was judged, 'not_comparable' for a report card without a category
with used as (
    select s.inspection_id, s.published_on, s.is_published_on_estimated,
           r.* replace (if(r.kind = 'converted', 'ungraded', r.kind) as kind,
                        coalesce(r.urn_at_time, r.urn_listed, r.urn) as urn_at_time),
           r.kind = 'converted' as is_converted,
           -- since September 2024 there is no overall grade, and some lists have no column for it
           if(r.overall is null and r.start_date >= date '2024-09-01' and r.quality_of_education in ('1', '2', '3', '4'),
              'Not judged', r.overall) as overall_said
    from inspection_sources as s
    inner join inspection_rows as r on r.rowid = s.mention_id
    where s.is_the_one_used
),
-- a grade given anew after the day is not known on it, where only a later release tells of the report card; nor are the
-- judgements inside an overall grade, where only a later release tells them: that has them of a school's last inspections
-- alone, so that their lack would tell of what came after
published as (
    select * replace (
               if(is_told_later, null, quality_of_education) as quality_of_education,
               if(is_told_later, null, behaviour) as behaviour,
               if(is_told_later, null, personal_development) as personal_development,
               if(is_told_later, null, leadership) as leadership,
               if(is_told_later, null, early_years) as early_years,
               if(is_told_later, null, sixth_form) as sixth_form,
               if(is_told_later, null, teaching) as teaching,
               if(is_told_later, null, behaviour_and_welfare) as behaviour_and_welfare,
               if(is_told_later, null, pupil_outcomes) as pupil_outcomes,
               if(is_later and inclusion_date > start_date + 7, null, inclusion) as inclusion,
               if(is_later and curriculum_and_teaching_date > start_date + 7, null, curriculum_and_teaching)
                   as curriculum_and_teaching,
               if(is_later and achievement_date > start_date + 7, null, achievement) as achievement,
               if(is_later and attendance_and_behaviour_date > start_date + 7, null, attendance_and_behaviour)
                   as attendance_and_behaviour,
               if(is_later and personal_development_and_wellbeing_date > start_date + 7, null,
                  personal_development_and_wellbeing) as personal_development_and_wellbeing,
               if(is_later and early_years_area_date > start_date + 7, null, early_years_area) as early_years_area,
               if(is_later and post_16_date > start_date + 7, null, post_16) as post_16,
               if(is_later and leadership_and_governance_date > start_date + 7, null, leadership_and_governance)
                   as leadership_and_governance,
               if(is_told_later or is_later and safeguarding_date > start_date + 7, null, safeguarding)
                   as safeguarding)
    from (
        select *, kind = 'report card' and release_published_on > $as_at as is_later,
               kind = 'graded' and release_published_on > $as_at and overall in ('1', '2', '3', '4') as is_told_later
        from used
    )
),
mapped as (
    select *,
           case
               when is_converted then 'M11'
               when kind = 'monitoring' then 'M20'
               when kind = 'ungraded' then
                   case
                       when ungraded_outcome like '%(Concerns)%' then 'M7'
                       when ungraded_outcome like 'School remains%' then 'M6'
                       when ungraded_outcome = 'Standards maintained' then 'M8'
                       when ungraded_outcome = 'Improved significantly' then 'M9'
                       when ungraded_outcome = 'Some aspects not as strong' then 'M10'
                       else 'M23'
                   end
               when kind = 'report card' then
                   case
                       when category is not null or safeguarding = 'Not met'
                            or 'Urgent improvement' in (inclusion, curriculum_and_teaching, achievement,
                                attendance_and_behaviour, personal_development_and_wellbeing, early_years_area,
                                post_16, leadership_and_governance) then 'M19'
                       when leadership_and_governance = 'Needs attention' then 'M18'
                       when 'Needs attention' in (inclusion, curriculum_and_teaching, achievement,
                                attendance_and_behaviour, personal_development_and_wellbeing, early_years_area,
                                post_16) then 'M17'
                       -- an area or a standard that is not known is not one that is met
                       when leadership_and_governance is null or safeguarding is distinct from 'Met'
                            or inclusion is null or curriculum_and_teaching is null or achievement is null
                            or attendance_and_behaviour is null or personal_development_and_wellbeing is null
                            or (is_later and (early_years_area is null or post_16 is null)) then 'M23'
                       else 'M16'
                   end
               when overall = '4' or (category is not null and start_date < date '2024-09-01') then 'M3'
               when overall = '3' then if(start_date < date '2012-09-01', 'M2', 'M5')
               when overall in ('1', '2') then if(start_date < date '2012-09-01', 'M1', 'M4')
               when overall_said = 'Not judged' then
                   case
                       when category is not null or safeguarding = 'No'
                            or '4' in (quality_of_education, behaviour, personal_development, leadership,
                                       early_years, sixth_form) then 'M15'
                       when '3' in (quality_of_education, leadership) then 'M13'
                       when '3' in (behaviour, personal_development, early_years, sixth_form) then 'M14'
                       when quality_of_education in ('1', '2') and behaviour in ('1', '2')
                            and personal_development in ('1', '2') and leadership in ('1', '2')
                            and safeguarding = 'Yes' then 'M12'
                       else 'M23'
                   end
               else 'M23'
           end as mapping
    from published
),
answered as (
    select m.inspection_id, m.urn, m.start_date, m.kind, l.good_or_better
    from mapped as m
    inner join inspection_mapping as l using (mapping)
    where l.good_or_better is not null
),
-- an ungraded inspection that names no grade leaves the last graded one standing
left_standing as (
    select a.inspection_id, g.good_or_better
    from (from answered where good_or_better = 'inherit') as a
    asof inner join (from answered where kind = 'graded') as g
        on g.urn = a.urn and a.start_date >= g.start_date
),
judged as (
    select m.*, l.rc_outcome, nullif(l.dfe_equivalent, 'inherit') as dfe_equivalent, l.warning = 'yes' as is_warning,
           l.gate = 'yes' as is_gate, l.confidence,
           if(l.good_or_better = 'inherit', coalesce(s.good_or_better, 'not_comparable'), l.good_or_better)
               as good_or_better
    from mapped as m
    inner join inspection_mapping as l using (mapping)
    left join left_standing as s using (inspection_id)
),
final as (
    select inspection_id, urn, urn_at_time, start_date, published_on,
           is_published_on_estimated,
           case
               when start_date < date '2012-09-01' then 'to August 2012'
               when start_date < date '2015-09-01' then '2012 to 2015'
               when start_date < date '2019-09-01' then '2015 to 2019'
               when kind = 'report card' or start_date >= date '2025-11-10' then 'report cards'
               when start_date < date '2024-09-01' then '2019 to 2024'
               else 'no overall grade'
           end as era,
           kind, mapping, good_or_better, dfe_equivalent, rc_outcome, inherited, is_one_of_several,
           is_warning, is_gate, confidence,
           category as category_of_concern,
           case when safeguarding in ('Yes', 'Met') then true when safeguarding in ('No', 'Not met') then false end
               as safeguarding,
           overall_said as overall, quality_of_education, behaviour, personal_development, leadership, early_years,
           sixth_form, teaching, behaviour_and_welfare, pupil_outcomes,
           inclusion, curriculum_and_teaching, achievement, attendance_and_behaviour,
           personal_development_and_wellbeing, early_years_area, post_16, leadership_and_governance,
           inclusion_date, curriculum_and_teaching_date, achievement_date, attendance_and_behaviour_date,
           personal_development_and_wellbeing_date, early_years_area_date, post_16_date,
           leadership_and_governance_date, safeguarding_date,
           ungraded_outcome, monitoring_outcome, end_date, inspection_number, inspection_type, event_type,
           release_id, row_number
    from judged
)
select * from final
order by urn, start_date, kind
