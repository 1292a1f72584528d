-- table:   national_grid                 grain: one row per point; units: metres on the National Grid
-- reads:   wgs84_points (place, latitude, longitude: degrees of WGS 84)
-- source:  A guide to coordinate systems in Great Britain, Ordnance Survey, annexes B and C: the seven-parameter
--          transformation to OSGB36, good to about five metres, then the Transverse Mercator projection on Airy 1830
-- missing: none: a point without both degrees is not in wgs84_points
with constants as (
    -- an exponent makes a double of a number: without one it is an exact decimal, which overflows
    select 6378137.0e0 as wgs_a, 6356752.3142e0 as wgs_b, 6377563.396e0 as airy_a, 6356256.909e0 as airy_b,
           -446.448e0 as shift_x, 125.157e0 as shift_y, -542.060e0 as shift_z, 1e0 + 20.4894e-6 as scale,
           radians(-0.1502e0 / 3600) as turn_x, radians(-0.2470e0 / 3600) as turn_y, radians(-0.8421e0 / 3600) as turn_z,
           0.9996012717e0 as f0, radians(49.0e0) as north0, radians(-2.0e0) as east0, 400000.0e0 as e0, -100000.0e0 as n0
),
-- on the ellipsoid of WGS 84, at no height
cartesian as (
    select w.place, k.*,
           k.wgs_a / sqrt(1 - e2 * sin(north) ^ 2) * cos(north) * cos(east) as x,
           k.wgs_a / sqrt(1 - e2 * sin(north) ^ 2) * cos(north) * sin(east) as y,
           k.wgs_a / sqrt(1 - e2 * sin(north) ^ 2) * (1 - e2) * sin(north) as z
    from (select place, radians(latitude) as north, radians(longitude) as east from wgs84_points) as w
    cross join (select *, 1 - (wgs_b / wgs_a) ^ 2 as e2 from constants) as k
),
shifted as (
    select * replace (
               shift_x + scale * x - turn_z * y + turn_y * z as x,
               shift_y + turn_z * x + scale * y - turn_x * z as y,
               shift_z - turn_y * x + turn_x * y + scale * z as z),
           1 - (airy_b / airy_a) ^ 2 as airy_e2
    from cartesian
),
-- Bowring's formula: no further from the limit of the usual iteration than a tenth of a millimetre
on_airy as (
    select *, atan2(y, x) as east,
           atan2(z + (airy_a ^ 2 - airy_b ^ 2) / airy_b * sin(beta) ^ 3,
                 sqrt(x ^ 2 + y ^ 2) - airy_e2 * airy_a * cos(beta) ^ 3) as north
    from (select *, atan2(z * airy_a, sqrt(x ^ 2 + y ^ 2) * airy_b) as beta from shifted)
),
curved as (
    select *, (airy_a - airy_b) / (airy_a + airy_b) as n, east - east0 as p, north - north0 as d, north + north0 as s,
           airy_a * f0 / sqrt(1 - airy_e2 * sin(north) ^ 2) as nu,
           airy_a * f0 * (1 - airy_e2) / (1 - airy_e2 * sin(north) ^ 2) ^ 1.5e0 as rho
    from on_airy
),
arcs as (
    select *, nu / rho - 1 as eta2, tan(north) as t,
           airy_b * f0 * (
               (1 + n + 1.25e0 * n ^ 2 + 1.25e0 * n ^ 3) * d
               - (3 * n + 3 * n ^ 2 + 21 / 8 * n ^ 3) * sin(d) * cos(s)
               + (15 / 8 * n ^ 2 + 15 / 8 * n ^ 3) * sin(2 * d) * cos(2 * s)
               - 35 / 24 * n ^ 3 * sin(3 * d) * cos(3 * s)) as m
    from curved
),
final as (
    select place,
           e0 + nu * cos(north) * p + nu / 6 * cos(north) ^ 3 * (nu / rho - t ^ 2) * p ^ 3
           + nu / 120 * cos(north) ^ 5 * (5 - 18 * t ^ 2 + t ^ 4 + 14 * eta2 - 58 * t ^ 2 * eta2) * p ^ 5 as easting,
           n0 + m + nu / 2 * sin(north) * cos(north) * p ^ 2
           + nu / 24 * sin(north) * cos(north) ^ 3 * (5 - t ^ 2 + 9 * eta2) * p ^ 4
           + nu / 720 * sin(north) * cos(north) ^ 5 * (61 - 58 * t ^ 2 + t ^ 4) * p ^ 6 as northing
    from arcs
)
select * from final
order by place
