package dev.sameport.admin;

import dev.sameport.model.Change;
import dev.sameport.model.Snapshot;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// A daemon that answers from `Sample` and writes down what it was told.
public final class ScriptedControl implements Control {
    /// What it was told, as it came.
    public final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    /// How many followers there are, each time that this changes.
    final BlockingQueue<Integer> following = new LinkedBlockingQueue<>();

    private final List<Consumer<Change>> followers = new CopyOnWriteArrayList<>();

    /// Tells the followers.
    public void tell(Change change) {
        followers.forEach(follower -> follower.accept(change));
    }

    @Override
    public Snapshot snapshot() {
        return Sample.snapshot();
    }

    @Override
    public List<Change> changes() {
        return Sample.changes();
    }

    @Override
    public AutoCloseable follow(Consumer<Change> each) {
        followers.add(each);
        following.add(followers.size());
        return () -> {
            followers.remove(each);
            following.add(followers.size());
        };
    }

    @Override
    public List<Check> checks() {
        return Sample.checks();
    }

    @Override
    public String publish(PublishCall call) {
        told.add("publish " + call);
        return "Service " + call.name() + " is published.";
    }

    @Override
    public String unpublish(String name) {
        told.add("unpublish " + name);
        if (name.equals("busy")) {
            throw new IllegalStateException("service busy can't be had; try later");
        }
        if (name.equals("bug")) {
            throw new ClassCastException("a bug");
        }
        return "Service " + name + " is no longer published.";
    }

    @Override
    public String run(RunCall call, Caller caller) {
        told.add(
                "run "
                        + call.name()
                        + " "
                        + call.scale()
                        + " "
                        + call.settings()
                        + " "
                        + call.command()
                        + " in "
                        + call.directory()
                        + " as "
                        + caller.user());
        return "Service " + call.name() + " runs.";
    }

    @Override
    public String scale(String name, int replicas) {
        told.add("scale " + name + " " + replicas);
        return "Service " + name + " has " + replicas + " replicas.";
    }

    @Override
    public String version() {
        return "sameport 0.0.0";
    }
}
