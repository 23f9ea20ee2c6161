// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.ledger.LedgerConflictException;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.payload.Payload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drafts that share a commit, and the statements it is made of. */
class BatchTest {
  @TempDir Path folder;

  private final Gate gate = new Gate();

  /** Has drafts written with one commit, after one that holds the writer. */
  private List<CompletableFuture<LedgerReceipt>> together(
      SqliteLedger ledger, List<LedgerDraft> drafts) {
    gate.close();
    var first = ledger.append(drafts.get(0));
    gate.awaitWriter();
    var answers = new ArrayList<CompletableFuture<LedgerReceipt>>();
    answers.add(first);
    drafts.subList(1, drafts.size()).forEach(draft -> answers.add(ledger.append(draft)));
    gate.open();
    return answers;
  }

  private static List<LedgerDraft> notes(String prefix, int count) {
    var drafts = new ArrayList<LedgerDraft>();
    for (int i = 0; i < count; i++) {
      drafts.add(note(prefix + "/" + i));
    }
    return drafts;
  }

  @Test
  void aBatchOfAnySizeIsOneChainInTheOrderOfItsDrafts() {
    var keys = new ArrayList<String>();
    try (var ledger = Ledgers.builder(folder).probe(gate).open()) {
      for (int size = 1; size <= 35; size++) {
        var drafts = notes("size" + size, size);
        drafts.forEach(draft -> keys.add(draft.idempotencyKey()));
        int before = keys.size() - size;
        var answers = together(ledger, drafts);

        for (int i = 0; i < size; i++) {
          assertThat(Ledgers.settle(answers.get(i)).sequence()).isEqualTo(before + i + 1L);
        }
      }

      assertThat(Ledgers.readAll(ledger))
          .extracting(LedgerEntry::idempotencyKey)
          .containsExactlyElementsOf(keys);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  @Test
  void repeatedDraftsOfABatchGetTheReceiptOfTheFirst() {
    try (var ledger = Ledgers.builder(folder).probe(gate).open()) {
      long old = append(ledger, note("old")).sequence();
      var drafts = notes("new", 5);
      drafts.add(3, note("new/1")); // while its first is not in the file yet
      drafts.add(5, note("old"));
      drafts.add(note("new/4"));

      var receipts = together(ledger, drafts).stream().map(Ledgers::settle).toList();

      assertThat(receipts)
          .extracting(LedgerReceipt::sequence)
          .containsExactly(old + 1, old + 2, old + 3, old + 2, old + 4, old, old + 5, old + 5);
      assertThat(receipts.get(3)).isEqualTo(receipts.get(1));
      assertThat(Ledgers.readAll(ledger)).hasSize(6);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  @Test
  void aDraftThatContradictsOneOfItsBatchIsRefusedAndTheOthersAreNot() {
    try (var ledger = Ledgers.builder(folder).probe(gate).open()) {
      var drafts = notes("k", 9);
      var first = drafts.get(2);
      drafts.add(
          6,
          LedgerDraft.of(
              first.tenant(),
              first.run(),
              first.type(),
              first.at(),
              first.idempotencyKey(),
              Payload.of(Map.of("note", "something else"))));

      var answers = together(ledger, drafts);

      assertThatThrownBy(() -> answers.get(6).join())
          .hasCauseInstanceOf(LedgerConflictException.class);
      answers.remove(6);
      assertThat(answers.stream().map(Ledgers::settle))
          .extracting(LedgerReceipt::sequence)
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }
}
