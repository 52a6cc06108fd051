import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.Properties;

/** Does what BI tools do over JDBC, and prints a line for each finding: its name and its values, with tabs between. */
public class JdbcFindings {
  public static void main(String[] arguments) throws Exception {
    String url = arguments[0];
    try (Connection connection = DriverManager.getConnection(url)) {
      describe(connection);
      readTypes(connection);
      readPartByPart(connection);
      change(connection);
      takeTooLong(connection);
    }
    for (String mode : new String[] {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"}) prepare(url, mode);
  }

  /** The calls with which tools find out what there is. */
  private static void describe(Connection connection) throws SQLException {
    DatabaseMetaData about = connection.getMetaData();
    tell("driver", about.getDriverVersion());
    tellAll("catalog", about.getCatalogs(), "TABLE_CAT");
    tellAll("schema", about.getSchemas(), "TABLE_SCHEM");
    tellAll("own schema", about.getSchemas(null, "analytics"), "TABLE_SCHEM");
    tellAll("view", about.getTables(null, "analytics", "%", new String[] {"VIEW"}), "TABLE_NAME", "TABLE_TYPE", "REMARKS");
    tellAll("view anywhere", about.getTables(null, null, "%", new String[] {"VIEW"}), "TABLE_SCHEM", "TABLE_NAME");
    tellAll("no view", about.getTables(null, "analytics", "%", new String[] {"TABLE", "PARTITIONED TABLE", "FOREIGN TABLE", "MATERIALIZED VIEW"}), "TABLE_NAME");
    tellAll("column", about.getColumns(null, "analytics", "runs", "%"), "COLUMN_NAME", "TYPE_NAME", "DATA_TYPE", "REMARKS");
    tellAll("any column", about.getColumns(null, "analytics", "%", "%"), "TABLE_NAME");
    tellAll("primary key", about.getPrimaryKeys(null, "analytics", "runs"), "COLUMN_NAME");
    tellAll("imported key", about.getImportedKeys(null, "analytics", "runs"), "FKCOLUMN_NAME");
    tellAll("exported key", about.getExportedKeys(null, "analytics", "runs"), "FKCOLUMN_NAME");
    tellAll("index", about.getIndexInfo(null, "analytics", "runs", false, true), "INDEX_NAME");
    tellAll("function", about.getFunctions(null, "analytics", "%"), "FUNCTION_NAME");
    tellAll("type", about.getTypeInfo(), "TYPE_NAME");
    tellAll("table type", about.getTableTypes(), "TABLE_TYPE");
    tellAll("named", connection.createStatement().executeQuery(
        "select table_schema, table_name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')"), "table_schema", "table_name");
  }

  private static void readTypes(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select external_id, cost_usd, total_tokens, started_at from runs order by external_id")) {
      ResultSetMetaData about = rows.getMetaData();
      for (int place = 1; place <= about.getColumnCount(); place++)
        tell("result column", about.getColumnName(place), about.getColumnTypeName(place), about.isNullable(place) == ResultSetMetaData.columnNoNulls);
      while (rows.next()) {
        BigDecimal cost = rows.getBigDecimal(2);
        long tokens = rows.getLong(3);
        OffsetDateTime started = rows.getObject(4, OffsetDateTime.class);
        tell("run", rows.getString(1), cost == null ? null : cost.toPlainString(), rows.getObject(3) == null ? null : tokens, started);
      }
    }
  }

  private static void readPartByPart(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement(); Statement beside = connection.createStatement()) {
      statement.setFetchSize(1000);
      ResultSet rows = statement.executeQuery("select n from runs, generate_series(1, 10000) as n order by n");
      long sum = 0;
      long count = 0;
      while (rows.next()) {
        sum += rows.getLong(1);
        // What is left is still in the server, as a cursor of the protocol.
        if (++count == 1) tellAll("open cursor", beside.executeQuery("select 1 as cursors from pg_cursors where statement like 'select n from%'"), "cursors");
      }
      tell("part by part", count, sum);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void change(Connection connection) throws SQLException {
    for (String mode : new String[] {"READ ONLY", "READ WRITE"}) {
      connection.setReadOnly(mode.equals("READ ONLY"));
      try (Statement statement = connection.createStatement()) {
        statement.execute("set session characteristics as transaction " + mode);
        statement.executeUpdate("create table analytics.mine ()");
        tell("change", mode, "allowed");
      } catch (SQLException error) {
        tell("change", mode, error.getSQLState());
      }
    }
  }

  private static void takeTooLong(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      statement.executeQuery("select pg_sleep(60)");
      tell("too long", "answered");
    } catch (SQLException error) {
      tell("too long", error.getSQLState());
    }
    try (Statement statement = connection.createStatement()) {
      tellAll("afterwards", statement.executeQuery("select count(*) as runs from runs"), "runs");
    }
  }

  private static void prepare(String url, String mode) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("preferQueryMode", mode);
    try (Connection connection = DriverManager.getConnection(url, settings);
        PreparedStatement statement = connection.prepareStatement(
            "select external_id from runs where cost_usd >= ? and started_at < ? and external_id <> ? order by 1")) {
      StringBuilder found = new StringBuilder();
      for (int round = 1; round <= 7; round++) {
        statement.setBigDecimal(1, new BigDecimal(round == 7 ? "1" : "0.100000000001"));
        statement.setObject(2, OffsetDateTime.parse("2030-01-01T00:00:00+05:30"));
        statement.setString(3, "it's");
        try (ResultSet rows = statement.executeQuery()) {
          int count = 0;
          while (rows.next()) count++;
          found.append(count);
        }
      }
      try (Statement beside = connection.createStatement();
          ResultSet count = beside.executeQuery("select count(*) from pg_prepared_statements where statement like 'select external_id from runs%'")) {
        count.next();
        tell("prepared", mode, found, count.getInt(1));
      }
    }
  }

  private static void tellAll(String name, ResultSet rows, String... columns) throws SQLException {
    try (rows) {
      while (rows.next()) {
        Object[] values = new Object[columns.length];
        for (int place = 0; place < columns.length; place++) values[place] = rows.getString(columns[place]);
        tell(name, values);
      }
    }
  }

  private static void tell(String name, Object... values) {
    StringBuilder line = new StringBuilder(name);
    for (Object value : values) line.append('\t').append(String.valueOf(value).replace('\n', ' ').replace('\t', ' '));
    System.out.println(line);
  }
}
