package dev.sameport.linux.bpf;

/// A function of the kernel's that a program can call, by its number in `enum bpf_func_id`
/// (bpf-helpers(7)).
public enum Helper {
    /// `void *map_lookup_elem(map, &key)`; zero where there is none.
    MAP_LOOKUP(1),
    /// `long setsockopt(socket context, level, name, &value, bytes)`.
    SETSOCKOPT(49),
    /// `u64 get_current_cgroup_id()` of the v2 hierarchy.
    CURRENT_CGROUP_ID(80),
    /// `long sk_select_reuseport(context, socket array, &index, flags)`.
    SELECT_REUSEPORT(82),
    /// `u64 get_netns_cookie(context)`.
    NETNS_COOKIE(122);

    private final int number;

    Helper(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
