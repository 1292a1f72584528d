-- measure: subject_spread_score             unit: scaled score points, polarity: high is concern
-- grain:   one row per school            reads: stg_ks2, schools, benchmarks
-- source:  ks2 (READ_AVERAGE, MAT_AVERAGE, GPS_AVERAGE), each minus national, three results years together
-- missing: the latest year's own reason; not_in_file with fewer than three subjects; no_benchmark; too_few_pupils
--          how far the weakest subject lies below the mean of the others; 0 where none is below national
with subjects as (
    select urn, 'reading' as subject, 'reading_score' as measure_id, reading_score as figure,
           reading_score_missing as reason, period, year, measured_on, pupils, provisional,
           release_id, published_on, row_number
    from stg_ks2
    union all
    select urn, 'maths' as subject, 'maths_score' as measure_id, maths_score as figure,
           maths_score_missing as reason, period, year, measured_on, pupils, provisional,
           release_id, published_on, row_number
    from stg_ks2
    union all
    select urn, 'grammar, punctuation and spelling' as subject, 'spelling_score' as measure_id,
           spelling_score as figure,
           spelling_score_missing as reason, period, year, measured_on, pupils, provisional,
           release_id, published_on, row_number
    from stg_ks2
),
gaps as (
    select u.urn, u.subject, u.period, u.year, u.measured_on, u.figure - b.value as gap, u.figure, u.reason,
           coalesce(u.pupils, s.year_group_estimate) as pupils, u.pupils is null as is_estimated,
           u.provisional, u.release_id, u.published_on, u.row_number,
           max(case when u.figure is not null then u.year end) over () as latest_year
    from subjects as u
    inner join schools as s on s.urn = u.urn
    left join benchmarks as b
        on b.measure_id = u.measure_id and b.period = u.period and b.scope = 'national' and b.phase = 'primary'
),
recent as (
    select * from gaps where latest_year is null or year > latest_year - 3
),
-- pupils counted together: a large year says more than a small one
by_subject as (
    select urn, subject, sum(gap * pupils) / nullif(sum(case when gap is not null then pupils end), 0) as gap
    from recent
    group by urn, subject
),
placed as (
    select urn, subject, round(gap, 6) as gap,
           row_number() over (partition by urn order by round(gap, 6), subject) as place
    from by_subject
    where gap is not null
),
compared as (
    select urn, count(*) as subjects, max(case when place = 1 then gap end) as weakest,
           max(case when place = 1 then subject end) as weakest_subject,
           avg(case when place > 1 then gap end) as others
    from placed
    group by urn
),
cohorts as (
    select urn, sum(pupils) as pupils, max(pupils) as largest_year,
           max(case when is_estimated then 1 else 0 end) as estimates,
           max(case when provisional then 1 else 0 end) as provisionals
    from (
        select distinct urn, year, pupils, is_estimated, provisional from recent where gap is not null
    ) as of_year
    group by urn
),
latest as (
    select *, row_number() over (
                  partition by urn order by case when gap is null then 1 else 0 end, year desc, subject
              ) as place,
           count(figure) over (partition by urn) as figures
    from recent
),
final as (
    select n.urn, n.period, n.measured_on,
           case when c.weakest < 0 then round(c.others - c.weakest, 6) else 0.0 end as value,
           round(c.weakest, 6) as figure, round(c.others, 6) as benchmark, h.pupils as denominator,
           case when n.figures = 0 then coalesce(n.reason, 'not_in_file')
                when h.urn is null then 'no_benchmark'
                when h.pupils is null or c.subjects is null or c.subjects < 3 then 'not_in_file'
                when h.pupils <= 10 then 'too_few_pupils' end as missing_reason,
           case when h.largest_year <= 10 then 0.5 else 1.0 end as weight,
           nullif(concat_ws('; ', case when c.weakest < 0 then 'lowest in ' || c.weakest_subject end,
                            case when h.largest_year <= 10 then 'small cohort' end,
                            case when h.estimates > 0 then 'pupil numbers estimated from the roll' end,
                            case when h.provisionals > 0 then 'includes provisional results' end), '') as caveat,
           n.release_id, n.published_on, n.row_number as source_row
    from latest as n
    left join compared as c on c.urn = n.urn
    left join cohorts as h on h.urn = n.urn
    where n.place = 1
)
select * from final
