-- table:   school_counts                 grain: one row per source and standing of the schools that it has figures of
-- reads:   evidence_urns, schools, successions, left_out_schools, stg_gias_links_rows
-- rule:    a school stands once: of today, before one of today, left out of today's, closed, or known to nobody
-- missing: no row where a source has no school of that standing
with before as (
    select predecessor_urn as urn, min(how) filter (how = 'replaced') is not null as is_replaced
    from successions group by predecessor_urn
),
linked as (
    select urn from stg_gias_links_rows
    union
    select linked_urn from stg_gias_links_rows
),
standing as (
    select e.source_id, e.urn,
           case when s.urn is not null then 'of today'
                when b.is_replaced then 'replaced by one school of today'
                when b.urn is not null then 'merged or split into schools of today'
                when o.urn is not null then 'left out: ' || o.reason
                when l.urn is not null then 'closed, no school of today comes from it'
                else 'in no register and no link' end as standing
    from evidence_urns as e
    left join schools as s using (urn)
    left join before as b using (urn)
    left join left_out_schools as o using (urn)
    left join linked as l using (urn)
),
final as (
    select source_id, standing, count(*) as schools, min(urn) as for_example
    from standing
    group by source_id, standing
)
select * from final
order by source_id, standing
