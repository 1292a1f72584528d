-- measure: engagement_refused_count     unit: offers, polarity: high is concern
-- grain:   one row per school            reads: stg_engagement, schools
-- source:  engagement: of each kind of offer the latest; declined, or without an answer for longer than a term
-- missing: not_applicable for an academy, which owes the LA no answer; not_held
with offers as (
    select urn, seen_on, offer, offered_on, answer, release_id, row_number as source_row,
           row_number() over (partition by urn, offer order by seen_on desc, offered_on desc nulls last, release_id,
                              row_number) as place
    from stg_engagement
),
latest as (
    select *,
           case when answer = 'declined' and offer in ('entitlement', 'core group') then 1
                when answer = 'did not take part' and offer in ('entitlement', 'core group') then 1
                -- a term is a third of a year
                when answer = 'no answer' and offer in ('entitlement', 'core group', 'visit', 'review')
                     and date_diff('day', offered_on, seen_on) > 122 then 1 else 0 end as refused
    from offers
    where place = 1
),
summed as (
    select urn, sum(refused) as refused_offers, max(case when refused = 1 then seen_on end) as refused_on,
           max(seen_on) as latest_on
    from latest
    group by urn
),
rows_used as (
    select l.urn, l.offer, l.answer, l.release_id, l.source_row,
           row_number() over (partition by l.urn order by l.refused desc, l.seen_on desc, l.offer) as place
    from latest as l
),
final as (
    select s.urn, coalesce(cast(coalesce(u.refused_on, u.latest_on) as varchar), 'none') as period,
           coalesce(u.refused_on, u.latest_on) as measured_on, coalesce(u.refused_on, u.latest_on) as published_on,
           case when s.control = 'academy' then null else u.refused_offers end as value,
           case when s.control = 'academy' then 'not_applicable' when u.urn is null then 'not_held' end
               as missing_reason,
           concat(r.offer, ': ', r.answer) as caveat, r.release_id, r.source_row
    from schools as s
    left join summed as u on u.urn = s.urn
    left join rows_used as r on r.urn = s.urn and r.place = 1
)
select * from final
