namespace Moldau.Coordination.Shards;

/// <summary>Which shard has a group's or a transactional id.</summary>
public static class ShardNumber
{
    /// <param name="id">Hashed as Java's strings are, over UTF-16.</param>
    /// <param name="shards">How many there are.</param>
    public static int Of(string id, int shards)
    {
        ArgumentNullException.ThrowIfNull(id);
        var hash = 0;
        foreach (var unit in id) hash = unchecked((31 * hash) + unit);
        // The smallest number has no positive counterpart.
        return hash == int.MinValue ? 0 : Math.Abs(hash) % shards;
    }
}
