-- measure: attainment8_disadvantaged_rank_pct   unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school            reads: stg_ks4, schools, benchmarks
-- source:  ks4 (ATT8SCR_FSM6CLA1A, TFSM6CLA1A), the last three results years together, among schools of the same kind
-- missing: the latest year's own reason; too_few_pupils at ten or fewer; no_ranking below half of the schools
with yearly as (
    select k.urn, k.period, k.year, k.measured_on, k.attainment8_disadvantaged_score as score,
           k.attainment8_disadvantaged_score_missing as reason, k.disadvantaged_pupils as pupils, k.provisional,
           case when s.is_selective then 'selective' when s.is_technical then 'technical' else 'other' end as kind,
           b.value as national, k.release_id, k.published_on, k.row_number,
           max(case when k.attainment8_disadvantaged_score is not null then k.year end) over () as latest_year
    from stg_ks4 as k
    inner join schools as s on s.urn = k.urn and s.is_mainstream
    left join benchmarks as b
        on b.measure_id = 'attainment8_disadvantaged_score' and b.period = k.period and b.scope = 'national'
        and b.phase = 'secondary'
),
recent as (
    select *, row_number() over (
                  partition by urn order by case when score is null then 1 else 0 end, year desc, period
              ) as place
    from yearly
    where latest_year is null or year > latest_year - 3
),
counted as (
    select urn, kind,
           round(sum(score * pupils) / nullif(sum(case when score is not null then pupils end), 0), 6) as figure,
           round(sum(case when score is not null then national * pupils end)
                 / nullif(sum(case when score is not null and national is not null then pupils end), 0), 6) as national,
           sum(case when score is not null then pupils end) as pupils,
           max(case when score is not null then pupils end) as largest_year, count(score) as years,
           max(case when score is not null and provisional then 1 else 0 end) as provisionals
    from recent
    group by urn, kind
),
expected as (
    select count(*) as schools from schools where is_mainstream and phase_group = 'secondary'
),
-- as many schools as share a figure, so many places: the lowest of them counts for none below another
ranked as (
    select urn, 100 - 100 * percent_rank() over (partition by kind order by figure desc) as rank_pct,
           count(*) over (partition by kind) as of_kind, count(*) over () as schools
    from counted
    where figure is not null and pupils > 10
),
final as (
    select n.urn, n.period, n.measured_on,
           case when r.schools * 2 >= e.schools and r.of_kind >= 20 then round(r.rank_pct, 6) end as value,
           c.figure, c.national as benchmark, c.pupils as denominator,
           case when c.years = 0 then coalesce(n.reason, 'not_in_file')
                when c.figure is null then 'not_in_file'
                when c.pupils <= 10 then 'too_few_pupils'
                when r.rank_pct is null or r.schools * 2 < e.schools or r.of_kind < 20 then 'no_ranking'
                end as missing_reason,
           case when c.largest_year <= 10 then 0.5 else 1.0 end as weight,
           nullif(concat_ws('; ', case when c.largest_year <= 10 then 'small cohort' end,
                            case when c.provisionals > 0 then 'includes provisional results' end), '') as caveat,
           n.release_id, n.published_on, n.row_number as source_row
    from recent as n
    inner join counted as c on c.urn = n.urn
    cross join expected as e
    left join ranked as r on r.urn = n.urn
    where n.place = 1
)
select * from final
