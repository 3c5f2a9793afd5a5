package dev.kindstead.query;

import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.model.Entity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query over entities and indexes, and how it is asked. Immutable.
 *
 * @param entities in the order they are written; a later one replaces one of the same key
 * @param shards the query is asked over one and over so many
 * @param page results to a page when it is also asked in pages; null for not
 * @param at a place among the results where cursors and an offset are tried, counted around when
 *     there are fewer; null for not
 */
record QueryCase(
    List<Entity> entities,
    DatabaseIndexes indexes,
    Query query,
    int shards,
    @Nullable Integer page,
    @Nullable Integer at) {
  QueryCase {
    entities = List.copyOf(entities);
  }

  /** Disagreement when the product and the model answer it differently. */
  void check() {
    new SideBySide(entities, entities, indexes, shards).check(query, page, at);
  }

  QueryCase withEntities(List<Entity> others) {
    return new QueryCase(others, indexes, query, shards, page, at);
  }

  QueryCase withIndexes(DatabaseIndexes others) {
    return new QueryCase(entities, others, query, shards, page, at);
  }

  QueryCase withQuery(Query other) {
    return new QueryCase(entities, indexes, other, shards, page, at);
  }

  QueryCase asked(int overShards, @Nullable Integer inPages, @Nullable Integer cutAt) {
    return new QueryCase(entities, indexes, query, overShards, inPages, cutAt);
  }

  /** In the words of planner scripts. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    entities.forEach(each -> text.append("entity ").append(ScriptText.entity(each)).append('\n'));
    indexes.ready().forEach(each -> text.append("index ").append(each.definition()).append('\n'));
    text.append("query ").append(ScriptText.query(query)).append('\n');
    text.append("plan ").append(plan()).append('\n');
    text.append("asked over ").append(shards).append(shards == 1 ? " shard" : " shards");
    if (page != null) {
      text.append(", in pages of ").append(page);
    }
    if (at != null) {
      text.append(", cut at ").append(at);
    }
    return text.append('\n').toString();
  }

  /** Or why there is none, which may be what is to be told. */
  private String plan() {
    try {
      return Planner.plan(query, indexes).toString();
    } catch (RuntimeException none) {
      return none.toString();
    }
  }
}
