package dev.kindstead.query;

import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.index.DatabaseIndexes.ReadyIndex;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.protocol.GqlTexts;
import dev.kindstead.query.QueryBatch.MoreResults;
import dev.kindstead.transaction.ReadSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a script sets up, and what comes out of a query there, in the script's words. */
final class ScriptedScenario {
  private static final Pattern INDEX =
      Pattern.compile("index (?<kind>\\w+)(?<ancestors> with ancestors)? (?<properties>.+)");
  private static final Pattern ENTITY =
      Pattern.compile("entity (?<path>[^:]+)(?:: (?<properties>.+))?");
  private static final Pattern PROPERTY =
      Pattern.compile("(?<name>[\\w.]+) = (?<literal>.+?)(?<unindexed> unindexed)?");
  private static final Pattern AGGREGATION =
      Pattern.compile("(?i)AGGREGATE .*|SELECT (COUNT|COUNT_UP_TO|SUM|AVG)\\(.*");

  /** Several, so that results of shards are merged. */
  private static final int SHARDS = 4;

  private final List<Entity> entities = new ArrayList<>();
  private final DatabaseIndexes indexes;
  private final Shelf shelf;

  ScriptedScenario(List<String> setting) {
    boolean strict = false;
    List<ReadyIndex> ready = new ArrayList<>();
    for (String line : setting) {
      Matcher index = INDEX.matcher(line);
      Matcher entity = ENTITY.matcher(line);
      if (index.matches()) {
        ready.add(new ReadyIndex(definition(index, ready.size() + 1), 0));
      } else if (entity.matches()) {
        entities.add(entity(entity));
      } else if (line.equals("strict")) {
        strict = true;
      } else {
        throw new IllegalArgumentException("neither strict, index, entity nor query: " + line);
      }
    }
    indexes = new DatabaseIndexes(strict, ready);
    shelf = new Shelf(SHARDS, indexes);
    entities.forEach(shelf::put);
  }

  private static IndexDefinition definition(Matcher index, int id) {
    List<IndexedProperty> properties = new ArrayList<>();
    for (String each : index.group("properties").split(", ")) {
      if (!each.endsWith(" ASC") && !each.endsWith(" DESC")) {
        throw new IllegalArgumentException("ASC or DESC is missing behind " + each);
      }
      String name = each.substring(0, each.lastIndexOf(' '));
      properties.add(new IndexedProperty(name, each.endsWith(" DESC")));
    }
    return new IndexDefinition(
        id,
        RandomQueries.PARTITION.databaseId(),
        index.group("kind"),
        index.group("ancestors") != null,
        properties);
  }

  private static Entity entity(Matcher entity) {
    Map<String, String> literals = new LinkedHashMap<>();
    List<String> unindexed = new ArrayList<>();
    String properties = entity.group("properties");
    for (String each : properties == null ? List.<String>of() : atCommas(properties)) {
      Matcher property = PROPERTY.matcher(each);
      if (!property.matches()) {
        throw new IllegalArgumentException("no property: " + each);
      }
      literals.put(property.group("name"), property.group("literal"));
      if (property.group("unindexed") != null) {
        unindexed.add(property.group("name"));
      }
    }
    return GqlTexts.entity(entity.group("path"), literals, unindexed);
  }

  /** Cut at commas outside of quotes and parentheses. */
  private static List<String> atCommas(String text) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      quoted ^= each == '\'';
      if (!quoted) {
        depth += each == '(' ? 1 : each == ')' ? -1 : 0;
        if (each == ',' && depth == 0) {
          parts.add(text.substring(from, i).strip());
          from = i + 1;
        }
      }
    }
    parts.add(text.substring(from).strip());
    return parts;
  }

  List<String> outcome(String gql) {
    List<String> outcome = new ArrayList<>();
    try {
      if (AGGREGATION.matcher(gql).matches()) {
        addAggregated(gql, outcome);
      } else {
        addResults(GqlTexts.query(gql), outcome);
      }
    } catch (DatastoreException refused) {
      (refused.code() + ": " + refused.getMessage())
          .lines()
          .forEach(line -> outcome.add("error " + line));
    }
    return outcome;
  }

  private void addResults(Query query, List<String> outcome) {
    outcome.add("plan " + shelf.queries().prepare(query));
    QueryBatch batch = shelf.run(query);
    List<QueryModel.Result> results = SideBySide.shown(batch);
    SideBySide.agree("what the model answers", modelled(query), results);
    if (batch.skippedResults() > 0) {
      outcome.add("skipped " + batch.skippedResults());
    }
    results.forEach(each -> outcome.add("row " + ScriptText.result(each)));
    if (batch.moreResults() != MoreResults.NO_MORE_RESULTS) {
      outcome.add("then " + batch.moreResults());
    }
  }

  private List<QueryModel.Result> modelled(Query query) {
    Ordering ordering = Planner.plan(query, indexes).rows().ordering();
    List<QueryModel.Result> all = QueryModel.results(query, ordering, entities);
    int from = Math.min(query.offset(), all.size());
    int most = query.limit() == null ? all.size() : query.limit();
    return all.subList(from, Math.min(from + most, all.size()));
  }

  private void addAggregated(String gql, List<String> outcome) {
    List<Aggregation> aggregations = GqlTexts.aggregations(gql);
    Queries.Prepared prepared = shelf.queries().prepare(GqlTexts.aggregated(gql), aggregations);
    outcome.add("plan " + prepared);
    try (ReadSession session = shelf.session()) {
      prepared
          .aggregate(session, aggregations)
          .values()
          .forEach(
              (alias, value) -> outcome.add("value " + alias + " = " + ScriptText.content(value)));
    }
  }
}
