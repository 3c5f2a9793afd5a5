package dev.kindstead.simulation;

import dev.kindstead.model.Mutation;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.SetMembers.Insert;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionOptions;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Inserts elements that no other insert has: in a transaction, together without one, or each by
 * itself. Confined to the scheduler's thread.
 */
final class SetClient extends FigureClient {
  private static final int AT_ONCE_MAX = 3;

  private List<Long> elements = List.of();

  SetClient(World world, FigureNotes notes, RandomGenerator random) {
    super(world, notes, random, "who inserts elements");
  }

  @Override
  void work(Errand errand) {
    elements =
        LongStream.generate(notes::number).limit(1 + random.nextInt(AT_ONCE_MAX)).boxed().toList();
    switch (random.nextInt(3)) {
      case 0 ->
          errand.ask(
              (at, _) -> at.begin(Figures.DATABASE, new TransactionOptions.ReadWrite(null)),
              begun -> insert(errand, begun, true));
      case 1 -> insert(errand, null, true);
      default -> insert(errand, null, false);
    }
  }

  private void insert(Errand errand, @Nullable TransactionId transaction, boolean together) {
    List<Mutation> mutations =
        elements.stream()
            .map(element ->
                Figures.write(
                    Mutation.Operation.INSERT,
                    Figures.key(Figures.ELEMENT, "e" + element),
                    element))
            .toList();
    errand.commit(
        new CommitRequest(Figures.DATABASE, transaction, together, mutations),
        _ -> world.hit("element inserted", mutations.size()));
  }

  @Override
  void ended(Errand errand, Outcome outcome) {
    elements.forEach(element -> notes.inserted(new Insert(element, outcome)));
  }
}
