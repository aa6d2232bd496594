package dev.sameport.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.Desired;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RehearsalTest {
    @Test
    void endpoints_start_serve_and_one_of_them_dies() {
        World world = new World();
        world.add(1);
        world.add(2);
        List<Desired> applied = new ArrayList<>();

        Rehearsal.play(world.specs(), applied::add);

        assertEquals(
                List.of(0, 2, 1),
                applied.stream()
                        .map(desired ->
                                desired.services().getFirst().ports().getFirst().serving().size())
                        .toList());
    }
}
