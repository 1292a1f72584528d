-- measure: weak_subject_years_count      unit: years, polarity: high is concern
-- grain:   one row per school            reads: stg_ks2, schools
-- source:  ks2 (READ_AVERAGE, MAT_AVERAGE; where there is no score PTREAD_EXP, PTMAT_EXP), the last three results years
-- missing: the latest year's own reason; too_few_pupils; no_ranking; no_earlier_figure where one year alone is known
with subjects as (
    select urn, 'reading' as subject, period, year, measured_on, reading_score as score, reading_expected_pct as pct,
           coalesce(reading_score_missing, reading_expected_pct_missing) as reason, pupils, provisional,
           release_id, published_on, row_number
    from stg_ks2
    union all
    select urn, 'maths', period, year, measured_on, maths_score, maths_expected_pct,
           coalesce(maths_score_missing, maths_expected_pct_missing), pupils, provisional,
           release_id, published_on, row_number
    from stg_ks2
),
-- a school with a score is ranked by its score, one without by its percentage
scaled as (
    select u.urn, u.subject, u.period, u.year, u.measured_on, u.provisional, u.release_id, u.published_on, u.row_number,
           case when u.score is not null then 'score' else 'percent' end as scale, coalesce(u.score, u.pct) as figure,
           u.reason, s.is_mainstream, coalesce(u.pupils, s.year_group_estimate) as pupils
    from subjects as u
    inner join schools as s on s.urn = u.urn
),
expected as (
    select count(*) as schools from schools where is_mainstream and phase in ('primary', 'junior')
),
-- as many schools as share a figure, so many places: only who is below four schools in five is in the lowest fifth
ranked as (
    select urn, subject, year,
           100 - 100 * percent_rank() over (partition by period, subject, scale order by figure desc) as rank_pct,
           count(*) over (partition by period, subject) as schools
    from scaled
    where figure is not null and is_mainstream
),
judged as (
    select c.*, r.rank_pct, coalesce(c.pupils <= 10, false) as is_small,
           case when c.figure is not null and c.pupils > 10 and r.schools * 2 >= e.schools
                then r.rank_pct end as counted,
           max(case when c.figure is not null then c.year end) over () as latest_year
    from scaled as c
    cross join expected as e
    left join ranked as r on r.urn = c.urn and r.subject = c.subject and r.year = c.year
),
recent as (
    select *, row_number() over (
                  partition by urn order by case when counted is null then 1 else 0 end, year desc, subject
              ) as place
    from judged
    where latest_year is null or year > latest_year - 3
),
by_subject as (
    select urn, subject, count(counted) as years, count(case when counted <= 20 then 1 end) as weak_years,
           min(counted) as lowest
    from recent
    group by urn, subject
),
weakest as (
    select *, max(years) over (partition by urn) as most_years,
           row_number() over (partition by urn order by weak_years desc, lowest, subject) as place
    from by_subject
),
known as (
    select urn, count(figure) as figures, count(case when figure is not null and is_small then 1 end) as small_ones
    from recent
    group by urn
),
final as (
    select w.urn, j.period, j.measured_on, cast(w.weak_years as double) as value, w.most_years as denominator,
           case when w.most_years >= 2 then null
                when k.figures = 0 then coalesce(j.reason, 'not_in_file')
                when w.most_years = 1 then 'no_earlier_figure'
                when k.small_ones > 0 then 'too_few_pupils'
                else 'no_ranking' end as missing_reason,
           nullif(concat_ws('; ', case when w.weak_years > 0 then 'in ' || w.subject end,
                            case when j.provisional then 'includes provisional results' end), '') as caveat,
           j.release_id, j.published_on, j.row_number as source_row
    from weakest as w
    inner join known as k on k.urn = w.urn
    inner join recent as j on j.urn = w.urn and j.place = 1
    where w.place = 1
)
select * from final
