-- measure: gcse_subject_spread_score    unit: grades, polarity: high is concern
-- grain:   one row per school            reads: stg_ks4, schools, benchmarks
-- source:  ks4 (P8MEAENG, …MAT, …EBAC, …OPEN; in a year without them ATT8SCRENG, … per slot, minus national)
-- missing: the latest year's own reason; not_in_file without all four; no_benchmark; too_few_pupils; three years:
--          how far the weakest element lies below the mean of the others; 0 where none is below national
with elements as (
    select urn, 'English' as element, 'attainment8_english_score' as measure_id, 2 as slots,
           progress8_english_score as progress, attainment8_english_score as attained,
           attainment8_english_score_missing as reason, period, year, measured_on, pupils, provisional,
           release_id, published_on, row_number
    from stg_ks4
    union all
    select urn, 'maths', 'attainment8_maths_score', 2, progress8_maths_score, attainment8_maths_score,
           attainment8_maths_score_missing, period, year, measured_on, pupils, provisional,
           release_id, published_on, row_number
    from stg_ks4
    union all
    select urn, 'EBacc subjects', 'attainment8_ebacc_score', 3, progress8_ebacc_score, attainment8_ebacc_score,
           attainment8_ebacc_score_missing, period, year, measured_on, pupils, provisional,
           release_id, published_on, row_number
    from stg_ks4
    union all
    select urn, 'the open group', 'attainment8_open_score', 3, progress8_open_score, attainment8_open_score,
           attainment8_open_score_missing, period, year, measured_on, pupils, provisional,
           release_id, published_on, row_number
    from stg_ks4
),
-- progress compares like pupils; a year counts by it only if all four have it, else by attainment per slot
gaps as (
    select u.urn, u.element, u.period, u.year, u.measured_on, u.reason,
           case when count(u.progress) over (partition by u.urn, u.year) = 4 then u.progress
                else (u.attained - b.value) / u.slots end as gap,
           coalesce(u.progress, u.attained) as figure,
           coalesce(u.pupils, s.year_group_estimate) as pupils, u.pupils is null as is_estimated,
           u.provisional, u.release_id, u.published_on, u.row_number,
           max(case when coalesce(u.progress, u.attained) is not null then u.year end) over () as latest_year
    from elements as u
    inner join schools as s on s.urn = u.urn
    left join benchmarks as b
        on b.measure_id = u.measure_id and b.period = u.period and b.scope = 'national' and b.phase = 'secondary'
),
recent as (
    select * from gaps where latest_year is null or year > latest_year - 3
),
-- pupils counted together: a large year says more than a small one
by_element as (
    select urn, element, sum(gap * pupils) / nullif(sum(case when gap is not null then pupils end), 0) as gap
    from recent
    group by urn, element
),
placed as (
    select urn, element, round(gap, 6) as gap,
           row_number() over (partition by urn order by round(gap, 6), element) as place
    from by_element
    where gap is not null
),
compared as (
    select urn, count(*) as elements, max(case when place = 1 then gap end) as weakest,
           max(case when place = 1 then element end) as weakest_element,
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
                  partition by urn order by case when gap is null then 1 else 0 end, year desc, element
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
                when h.pupils is null or c.elements is null or c.elements < 4 then 'not_in_file'
                when h.pupils <= 10 then 'too_few_pupils' end as missing_reason,
           case when h.largest_year <= 10 then 0.5 else 1.0 end as weight,
           nullif(concat_ws('; ', case when c.weakest < 0 then 'lowest in ' || c.weakest_element end,
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
