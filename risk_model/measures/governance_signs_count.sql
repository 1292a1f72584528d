-- measure: governance_signs_count       unit: signs, polarity: high is concern
-- grain:   one row per school            reads: stg_governance, latest_inspections, schools
-- source:  governance, the latest line: vacancies, the chair, no external review after a judgement below good, the clerk
-- missing: held_at_trust for an academy, else not_held
with lines as (
    select urn, seen_on, seats, vacancies, chair_since, external_review_on, clerk_concern, release_id,
           row_number as source_row,
           row_number() over (partition by urn order by seen_on desc, row_number) as place,
           -- a blank is an answer ("there is none") only in a file that fills the column for some school
           count(chair_since) over (partition by release_id) > 0 as names_chairs,
           count(external_review_on) over (partition by release_id) > 0 as names_reviews
    from stg_governance
),
signs as (
    select l.urn, l.seen_on, l.release_id, l.source_row,
           case when l.seats > 0 and 4 * l.vacancies >= l.seats then 1 else 0 end as many_vacancies,
           case when l.chair_since is null then case when l.names_chairs then 1 else 0 end
                when date_diff('day', l.chair_since, l.seen_on) < 365 then 1 else 0 end as new_chair,
           -- half a year is time enough to have one done
           case when i.concern >= 2 and not i.inherited and date_diff('day', i.full_date, l.seen_on) >= 183
                     and (l.external_review_on < i.full_date or l.external_review_on is null and l.names_reviews)
                then 1 else 0 end as review_lacking,
           case when l.clerk_concern = 'yes' then 1 else 0 end as clerk_worried
    from lines as l
    left join latest_inspections as i on i.urn = l.urn
    where l.place = 1
),
final as (
    select s.urn, coalesce(cast(g.seen_on as varchar), 'none') as period, g.seen_on as measured_on,
           g.seen_on as published_on,
           g.many_vacancies + g.new_chair + g.review_lacking + g.clerk_worried as value,
           case when g.urn is not null then null when s.control = 'academy' then 'held_at_trust'
                else 'not_held' end as missing_reason,
           nullif(concat_ws('; ', case when g.many_vacancies = 1 then 'a quarter of the seats or more are vacant' end,
                            case when g.new_chair = 1 then 'the chair is new in post, or there is none' end,
                            case when g.review_lacking = 1 then 'no external review since a judgement below good' end,
                            case when g.clerk_worried = 1 then 'the clerk has raised a concern' end), '') as caveat,
           g.release_id, g.source_row
    from schools as s
    left join signs as g on g.urn = s.urn
)
select * from final
