-- table:   intakes                       grain: one row per school
-- reads:   schools, stg_census, stg_ks2, stg_ks4, similar_parts
-- rule:    a school's newest figures of its intake, none of them more than two years older than the newest loaded,
--          in standard deviations of its band; a part counts where at least half of the band's schools have it
-- missing: missing_reason says why a school can have no group; a part that is not known is NULL and is named
-- the bands: schools that teach the same years to the same end; selective and technical schools stand apart
with banded as (
    select urn, pupils, high_age, low_age, phase_group,
           case when not is_mainstream then null
                when coalesce(is_selective, false) then 'selective'
                when is_technical then 'technical'
                when phase in ('primary', 'junior') then 'primary and junior'
                when phase in ('infant', 'first') then 'infant and first'
                when phase = 'middle' then 'middle'
                when phase in ('secondary', 'all-through') then 'secondary and all-through' end as band,
           -- the character is designated by law; Ofsted's list leaves it blank for schools that it calls non-faith
           case when religious_character = 'Unknown' then null
                when religious_character is null or religious_character in ('Does not apply', 'None') then 'none'
                when religious_character in ('Roman Catholic', 'Catholic') then 'Roman Catholic'
                when religious_character like 'Church of England%' then 'Church of England'
                else 'another' end as character
    from schools
),
-- 2015-16 left out: its share is 0 for seven schools in ten
census as (
    select urn, period, fsm6_pct, eal_pct, pupils, inherited_from, release_id, row_number,
           row_number() over (partition by urn order by year desc, inherited_from nulls first) as place,
           year, max(year) over () as newest
    from stg_census
    where period <> '2015-2016' and fsm6_pct is not null and pupils > 0
),
-- key stage 2 results changed from points to scaled scores: only one year's are compared, the newest that has any
results as (
    select k.urn, s.phase_group, k.period, k.year, k.key_stage1_score as prior, k.not_mobile_pct as settled
    from stg_ks2 as k inner join schools as s using (urn) where s.phase_group = 'primary'
    union all
    select k.urn, s.phase_group, k.period, k.year, k.key_stage2_score, k.not_mobile_pct
    from stg_ks4 as k inner join schools as s using (urn) where s.phase_group = 'secondary'
),
newest_results as (
    select phase_group, max(year) as newest,
           max(case when prior is not null then year end) as newest_prior,
           max(case when settled is not null then year end) as newest_settled
    from results group by phase_group
),
known as (
    select b.urn, b.band, b.character, c.period as census_period, c.fsm6_pct, c.eal_pct, c.inherited_from,
           c.release_id, c.row_number as source_row,
           c.pupils / greatest(b.high_age - b.low_age, 1) as year_group,
           p.prior as prior_score, p.period as prior_period, m.settled as settled_pct, m.period as settled_period
    from banded as b
    left join census as c on c.urn = b.urn and c.place = 1 and c.year > c.newest - 3
    left join newest_results as n on n.phase_group = b.phase_group
    left join results as p on p.urn = b.urn and p.year = n.newest_prior and p.year > n.newest - 3
    left join results as m on m.urn = b.urn and m.year = n.newest_settled and m.year > n.newest - 3
),
-- rounded, so that a run does not differ from the next by the order in which a sum was made
spreads as (
    select band, count(*) as band_schools,
           round(avg(fsm6_pct), 6) as fsm6_mean, nullif(round(stddev_pop(fsm6_pct), 6), 0) as fsm6_spread,
           case when count(eal_pct) * 2 >= count(*) then round(avg(eal_pct), 6) end as eal_mean,
           nullif(round(stddev_pop(eal_pct), 6), 0) as eal_spread,
           round(avg(ln(year_group)), 6) as size_mean, nullif(round(stddev_pop(ln(year_group)), 6), 0) as size_spread,
           case when count(prior_score) * 2 >= count(*) then round(avg(prior_score), 6) end as prior_mean,
           nullif(round(stddev_pop(prior_score), 6), 0) as prior_spread,
           case when count(settled_pct) * 2 >= count(*) then round(avg(settled_pct), 6) end as settled_mean,
           nullif(round(stddev_pop(settled_pct), 6), 0) as settled_spread
    from known
    where band is not null
    group by band
),
weights as (
    select max(case when part = 'fsm6' then cast(weight as double) end) as fsm6_weight,
           max(case when part = 'eal' then cast(weight as double) end) as eal_weight,
           max(case when part = 'size' then cast(weight as double) end) as size_weight,
           max(case when part = 'prior' then cast(weight as double) end) as prior_weight,
           max(case when part = 'mobility' then cast(weight as double) end) as settled_weight,
           max(case when part = 'character' then cast(weight as double) end) as character_weight
    from similar_parts
),
-- a band in which all schools are alike in a part has nothing to tell them apart by: that part is nought for all
placed as (
    select k.*, s.band_schools,
           s.eal_mean is not null as eal_counts, s.prior_mean is not null as prior_counts,
           s.settled_mean is not null as settled_counts,
           round(coalesce((k.fsm6_pct - s.fsm6_mean) / s.fsm6_spread, k.fsm6_pct - k.fsm6_pct), 6) as fsm6_z,
           round(coalesce((ln(k.year_group) - s.size_mean) / s.size_spread, k.year_group - k.year_group), 6) as size_z,
           case when s.eal_mean is not null
                then round(coalesce((k.eal_pct - s.eal_mean) / s.eal_spread, k.eal_pct - k.eal_pct), 6) end as eal_z,
           case when s.prior_mean is not null
                then round(coalesce((k.prior_score - s.prior_mean) / s.prior_spread, k.prior_score - k.prior_score), 6)
                end as prior_z,
           case when s.settled_mean is not null
                then round(coalesce((k.settled_pct - s.settled_mean) / s.settled_spread, k.settled_pct - k.settled_pct), 6)
                end as settled_z
    from known as k
    left join spreads as s on s.band = k.band
),
final as (
    select p.urn, p.band, p.band_schools, p.census_period, p.fsm6_pct, p.eal_pct, p.year_group, p.prior_score,
           p.prior_period, p.settled_pct, p.settled_period, p.character,
           p.fsm6_z, p.eal_z, p.size_z, p.prior_z, p.settled_z,
           w.fsm6_weight, w.eal_weight, w.size_weight, w.prior_weight, w.settled_weight, w.character_weight,
           w.fsm6_weight + w.size_weight
           + case when p.eal_z is null then 0 else w.eal_weight end
           + case when p.prior_z is null then 0 else w.prior_weight end
           + case when p.settled_z is null then 0 else w.settled_weight end
           + case when p.character is null then 0 else w.character_weight end as weight,
           -- what other schools of the band are compared by and this one cannot be
           p.eal_counts and p.eal_z is null as lacks_eal, p.prior_counts and p.prior_z is null as lacks_prior,
           p.settled_counts and p.settled_z is null as lacks_settled, p.character is null as lacks_character,
           p.eal_counts, p.prior_counts, p.settled_counts,
           p.inherited_from, p.release_id, p.source_row,
           case when p.band is null then 'not_applicable'
                when p.fsm6_pct is null then 'not_in_release'
                when p.size_z is null then 'blank' end as missing_reason
    from placed as p
    cross join weights as w
)
select * from final
order by urn
