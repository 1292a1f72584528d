-- measure: safeguarding_open_concern_count   unit: concerns, polarity: high is concern
-- grain:   one row per school            reads: stg_safeguarding_audits, latest_inspections
-- source:  safeguarding_audits: serious gaps, and an open concern, that nothing later has cleared
-- missing: not_held; stale where nothing is open and the newest line is older than two years
with latest as (
    select urn, seen_on, gaps, row_number() over (partition by urn order by seen_on desc, row_number) as place
    from stg_safeguarding_audits
),
days as (
    select urn,
           max(seen_on) filter (where gaps = 'serious') as gaps_on,
           max(seen_on) filter (where gaps in ('none', 'minor')) as sound_on,
           max(seen_on) filter (where open_concern = 'yes') as opened_on,
           max(seen_on) filter (where open_concern = 'no') as closed_on
    from stg_safeguarding_audits
    group by urn
),
-- a school's own inspection that found safeguarding met clears what was known before it, never what came after
cleared as (
    select d.*, case when l.safeguarding and not l.safeguarding_inherited then l.safeguarding_on end as met_on
    from days as d
    inner join latest_inspections as l on l.urn = d.urn
),
open_ones as (
    select urn,
           case when gaps_on >= coalesce(sound_on, gaps_on) and gaps_on >= coalesce(met_on, gaps_on)
                then gaps_on end as gaps_on,
           case when opened_on >= coalesce(closed_on, opened_on) and opened_on >= coalesce(met_on, opened_on)
                then opened_on end as opened_on
    from cleared
),
standing as (
    select o.urn, l.gaps, coalesce(case when o.opened_on > o.gaps_on then o.opened_on else o.gaps_on end, o.opened_on, l.seen_on) as known_on,
           case when o.gaps_on is null then 0 else 1 end + case when o.opened_on is null then 0 else 1 end as concerns,
           o.gaps_on is not null as has_gaps, o.opened_on is not null as has_concern
    from open_ones as o
    inner join latest as l on l.urn = o.urn and l.place = 1
),
final as (
    select i.urn, coalesce(cast(s.known_on as varchar), 'none') as period, s.known_on as measured_on,
           s.known_on as published_on, s.concerns as value,
           case when s.urn is null then 'not_held'
                -- the audit is yearly: one of more than two years ago says nothing of today
                when s.concerns = 0 and date_diff('day', s.known_on, cast($as_at as date)) > 731 then 'stale'
                end as missing_reason,
           nullif(concat_ws('; ', case when s.has_gaps then 'serious gaps found by the audit' end,
                            case when s.has_concern then 'a concern is open' end,
                            case when s.gaps = 'not returned' then 'the yearly return has not been made' end),
                  '') as caveat,
           a.release_id, a.row_number as source_row
    from latest_inspections as i
    left join standing as s on s.urn = i.urn
    left join stg_safeguarding_audits as a on a.urn = s.urn and a.seen_on = s.known_on
)
select * from final
