-- measure: deficit_plan_score           unit: category (2 not licensed or no agreed plan, 1 licensed with a plan, 0 no deficit), polarity: high is concern
-- grain:   one row per school            reads: stg_la_finance, schools
-- source:  la_finance, the latest line
-- missing: held_at_trust for an academy, else not_held
with latest as (
    select urn, seen_on, deficit, recovery_plan, balance_gbp, release_id, row_number as source_row,
           row_number() over (partition by urn order by seen_on desc, row_number) as place
    from stg_la_finance
),
scored as (
    select *,
           case when deficit = 'no deficit' then 0
                when deficit = 'not licensed' or recovery_plan in ('none', 'being written') then 2
                when deficit = 'licensed' then 1 end as score
    from latest
    where place = 1
),
final as (
    select s.urn, coalesce(cast(f.seen_on as varchar), 'none') as period, f.seen_on as measured_on,
           f.seen_on as published_on, f.score as value, f.balance_gbp as figure,
           case when f.urn is not null then null when s.control = 'academy' then 'held_at_trust'
                else 'not_held' end as missing_reason,
           case when f.urn is null then null when f.score = 0 then 'no deficit'
                else concat('deficit ', f.deficit, '; plan to end it: ', f.recovery_plan) end as caveat,
           f.release_id, f.source_row
    from schools as s
    left join scored as f on f.urn = s.urn
)
select * from final
