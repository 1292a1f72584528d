-- table:   grade_history                 grain: one row per full inspection of a school of today or of one that it replaced
-- reads:   inspections, schools
-- rule:    each with the full inspection before it; the same numeral in another era is another grade, and is named so
-- missing: grade_before is 'none on record' where no earlier full inspection is known; a grade that was not given, or
--          is not published, is 'not known'
with named as (
    select i.urn, s.phase_group as phase, i.start_date, i.inspection_id, i.era,
           case when extract(month from i.start_date) >= 9
                then cast(extract(year from i.start_date) as varchar) || '-'
                     || cast(extract(year from i.start_date) + 1 as varchar)
                else cast(extract(year from i.start_date) - 1 as varchar) || '-'
                     || cast(extract(year from i.start_date) as varchar) end as academic_year,
           case when i.kind = 'report card' then
                    case i.rc_outcome when 'meets' then 'Report card: every area at the expected standard'
                                      when 'mixed' then 'Report card: an area needs attention'
                                      when 'below' then 'Report card: leadership and governance needs attention'
                                      when 'category' then 'Report card: a category of concern'
                                      else 'not known' end
                when i.overall = '1' then 'Outstanding'
                when i.overall = '2' then 'Good'
                when i.overall = '3' and i.start_date < date '2012-09-01' then 'Satisfactory'
                when i.overall = '3' then 'Requires improvement'
                when i.overall = '4' then 'Inadequate'
                when i.overall = 'Not judged' and i.good_or_better = 'yes' then 'No overall grade: good or better'
                when i.overall = 'Not judged' and i.good_or_better = 'no' then 'No overall grade: below good'
                else 'not known' end as grade
    from inspections as i
    inner join schools as s on s.urn = i.urn
    -- of several schools that became one, none is the one whose grade went on
    where i.kind in ('graded', 'report card') and not i.is_one_of_several
)
select urn, phase, academic_year, start_date, era, grade,
       coalesce(lag(grade) over (partition by urn order by start_date, inspection_id), 'none on record')
           as grade_before,
       coalesce(lag(era) over (partition by urn order by start_date, inspection_id), 'none on record') as era_before
from named
