namespace Moldau.Compatibility.Mirroring;

/// <summary>A topic that is written in one cluster and copied into another, with groups that read it.</summary>
/// <param name="From">Where it is written.</param>
/// <param name="To">Where its copy is.</param>
/// <param name="Name">In the cluster where it is written.</param>
/// <param name="Upfront">A group that has read everything when it goes over to the copy.</param>
/// <param name="Midway">A group that has not.</param>
internal sealed record MirroredTopic(MirroredCluster From, MirroredCluster To, string Name, string Upfront, string Midway)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    /// <summary>What the mirror calls it where it is copied to.</summary>
    public string Copy => $"{From.Alias}.{Name}";

    /// <summary>What all of it says by now.</summary>
    public IEnumerable<string> Values => Enumerable.Range(0, Written).Select(static number => $"v{number}");

    private int Written { get; set; }

    public Task CreateAsync(string retention) => From.CreateTopicAsync(Name, retention);

    public async Task WriteAsync(int records)
    {
        var first = Written;
        Written += records;
        await From.WriteAsync(Name, Enumerable.Range(first, records).Select(static number => $"k{number}:v{number}"));
    }

    /// <summary>Settings, and records with their partitions, offsets and times.</summary>
    public async Task UntilEqualAsync(Mirror mirror)
    {
        // The copy is there once it has settings.
        await UntilEqualAsync(mirror, "settings", () => From.ConfigsAsync(Name), () => To.ConfigsAsync(Copy));
        await UntilEqualAsync(mirror, "records", () => From.RecordsAsync(Name), () => To.RecordsAsync(Copy));
    }

    /// <summary>How far the group has come, here as there.</summary>
    public async Task<long[]> UntilOffsetsAreEqualAsync(Mirror mirror, string group)
    {
        await UntilEqualAsync(mirror, $"offsets of {group}", async () => Text(await From.OffsetsAsync(Name, group)), async () => Text(await To.OffsetsAsync(Copy, group)));
        return await From.OffsetsAsync(Name, group);

        static string Text(long[] offsets) => string.Join(' ', offsets);
    }

    private async Task UntilEqualAsync(Mirror mirror, string what, Func<Task<string>> wanted, Func<Task<string>> there)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (want, have) = (await wanted(), await there());
            if (want == have) return;
            if (TimeProvider.System.GetElapsedTime(since) > Deadline)
                throw new TimeoutException($"waited {Deadline.TotalSeconds} s for the {what} of {Copy}\nwanted: {want}\nthere: {have}\n{mirror.Said}");
            await Task.Delay(300);
        }
    }
}
