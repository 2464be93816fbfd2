import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { postgres } from '../../../src/database/postgres/connect.ts';
import { findPostgis, startPostgis } from '../../support/postgis-server.ts';
import { postgresTarget, runPostgres } from '../../support/postgres-engine.ts';
import type { TestServer } from '../../support/postgres-server.ts';
import { planOf, query, verdictOf } from '../../support/statements.ts';

const never = new AbortController().signal;
/** Debian's package `postgresql-postgis` has it. */
const programs = await findPostgis();
const world = [
  'CREATE EXTENSION postgis',
  'CREATE EXTENSION postgis_raster',
  'CREATE TABLE places (id serial PRIMARY KEY, name text, geom geometry(Point, 4326), g geography, poly geometry)',
  `INSERT INTO places (name, geom, g, poly)
   SELECT 'p' || i, ST_SetSRID(ST_Point(i, i), 4326), ST_Point(i, i)::geography, ST_Buffer(ST_Point(i, i), 1) FROM generate_series(1, 10) i`,
  'CREATE INDEX ON places USING gist (geom)',
  'CREATE FUNCTION near(x geometry) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM places WHERE ST_DWithin(geom, x, 2) $$',
  'CREATE VIEW clusters AS SELECT ST_ClusterKMeans(geom, 2) OVER () AS c, id FROM places',
  'CREATE VIEW merged AS SELECT ST_Union(poly) AS u, ST_Collect(geom) AS c FROM places',
  'CREATE FUNCTION evil(g geometry) RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM places; RETURN 1; END $$',
];

describe.skipIf(programs === null)('PostGIS', () => {
  let server: TestServer;
  let opened: Database;
  beforeAll(async () => {
    server = await startPostgis(programs ?? '');
    const target = { ...postgresTarget(server.url), database: 'postgres' };
    await runPostgres(target, world);
    opened = await postgres.open(target, { access: 'read', timeoutMilliseconds: 30_000, hide: [] }, never);
  }, 60_000);
  afterAll(async () => {
    await opened?.close();
    await server?.stop();
  });

  it.each([
    'SELECT * FROM places',
    'SELECT id, ST_AsText(geom), ST_X(geom) FROM places',
    'SELECT ST_Collect(geom), ST_MakeLine(geom ORDER BY id), ST_Extent(geom), ST_Union(poly), ST_MemUnion(poly), ST_3DExtent(geom) FROM places',
    'SELECT ST_Polygonize(ST_Boundary(poly)) FROM places',
    'SELECT ST_ClusterIntersecting(poly), ST_ClusterWithin(poly, 1) FROM places',
    'SELECT ST_ClusterDBSCAN(geom, 1, 2) OVER (), ST_ClusterKMeans(geom, 3) OVER () FROM places',
    'SELECT ST_AsMVT(t) FROM (SELECT id, ST_AsMVTGeom(poly, ST_MakeEnvelope(0,0,10,10)) FROM places) t',
    'SELECT ST_AsGeoJSON(p) FROM places p',
    "SELECT ST_AsGeobuf(p, 'geom') FROM (SELECT id, geom FROM places) p",
    'SELECT ST_AsFlatGeobuf(p) FROM (SELECT id, geom FROM places) p',
    "SELECT name, ST_Distance(g, ST_GeogFromText('POINT(1 2)')) FROM places ORDER BY geom <-> ST_SetSRID(ST_Point(3,3),4326) LIMIT 3",
    'SELECT count(*) FROM places a JOIN places b ON ST_DWithin(a.geom, b.geom, 1.5) AND a.id < b.id',
    'SELECT * FROM places WHERE geom && ST_MakeEnvelope(0,0,3,3,4326)',
    'SELECT near(ST_SetSRID(ST_Point(1,1),4326))',
    'SELECT * FROM clusters',
    'SELECT ST_AsText(u), ST_NumGeometries(c) FROM merged',
    'SELECT ST_Transform(geom, 3857) FROM places',
    'SELECT (ST_Dump(poly)).geom, (ST_DumpPoints(poly)).path FROM places',
    'SELECT ST_Area(poly), ST_Perimeter(poly), ST_Centroid(poly), ST_ConvexHull(poly), ST_Simplify(poly, 0.1) FROM places',
    'SELECT ST_SquareGrid(1, ST_MakeEnvelope(0,0,3,3))',
    'SELECT geom::text, poly::json, g::geometry FROM places',
    'SELECT f_table_name, srid FROM geometry_columns',
    'SELECT srid, proj4text FROM spatial_ref_sys LIMIT 1',
    'SELECT ST_Value(r, 1, 1) FROM (SELECT ST_MakeEmptyRaster(2, 2, 0, 0, 1) AS r) t',
    'SELECT PostGIS_Full_Version()',
    'SELECT ST_LineLocatePoint(ST_MakeLine(ST_Point(0,0), ST_Point(1,1)), ST_Point(0.5,0.5)), ST_Intersection(poly, ST_Buffer(geom::geometry, 0.5)) FROM (SELECT ST_SetSRID(poly,4326) AS poly, geom FROM places) t',
    'SELECT DISTINCT geom FROM places',
    'SELECT geom, count(*) FROM places GROUP BY geom ORDER BY geom',
    'SELECT ST_HexagonGrid(1, ST_MakeEnvelope(0,0,3,3)), ST_Subdivide(poly, 10) FROM places LIMIT 2',
    'SELECT id FROM places WHERE ST_Contains(poly, ST_Point(1,1)) OR poly ~= poly OR geom @ ST_MakeEnvelope(0,0,1,1,4326)',
  ])('runs %s', async (sql) => {
    await planOf(opened, sql, never);
    let rows = 0;
    for await (const batch of (await query(opened, sql, { signal: never })).batches) {
      rows += batch.length;
    }
    expect(rows).toBeGreaterThan(0);
  });

  it.each([
    'SELECT evil(geom) FROM places',
    'SELECT p.evil FROM (SELECT geom FROM places) p',
    "SELECT ST_EstimatedExtent('places', 'geom')",
    "SELECT AddGeometryColumn('places','x',4326,'POINT',2)",
    "SELECT UpdateGeometrySRID('places','geom',3857)",
    "SELECT DropGeometryTable('places')",
    'SELECT Populate_Geometry_Columns()',
    "SELECT ST_FromGDALRaster('x')",
    "SELECT ST_AsGDALRaster(ST_MakeEmptyRaster(2,2,0,0,1),'PNG')",
    "SELECT postgis_transform_geometry(geom, '/etc/passwd', 'x', 4326) FROM places",
    "SELECT ST_Transform(geom, '+proj=longlat +nadgrids=/etc/passwd', '+proj=longlat') FROM places",
    "SELECT ST_Transform(geom, '/etc/passwd') FROM places",
    "SELECT _postgis_stats('places'::regclass, 'geom')",
    "SELECT ST_FindExtent('places','geom')",
    "SELECT LockRow('places','1','x')",
    'SELECT postgis_extensions_upgrade()',
    "SELECT ST_FromFlatGeobufToTable('public','x','\\x')",
  ])('refuses %s', async (sql) => {
    expect((await verdictOf(opened, sql, never)).kind).not.toBe('read');
  });
});
