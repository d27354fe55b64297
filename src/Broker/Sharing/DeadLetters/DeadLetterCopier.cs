using Moldau.Broker.Partitions;
using Moldau.Broker.Partitions.Validation;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Coordination.Deliveries;

namespace Moldau.Broker.Sharing.DeadLetters;

/// <summary>Copies records that a group has given up into its topic for dead letters.</summary>
internal sealed class DeadLetterCopier(string group, ShareRules rules, SharingParts parts)
{
    // As a producer of today: the copies are made here.
    private const short Version = 12;
    private const int MostBatchBytes = 1 << 20;

    private readonly DeadLetterTopic _topics = new(parts);

    /// <returns>What became of them; those that nothing is said of were too many for once.</returns>
    public async Task<IReadOnlyList<DeadLetterFate>> CopyAsync(Partition partition, IReadOnlyList<DeadRange> dead)
    {
        // Not on the turn of whoever has found them.
        await Task.Yield();
        var settings = rules.Settings;
        if (settings.DeadLetterTopic.Length == 0)
        {
            var size = 0L;
            foreach (var range in dead) size += range.Last - range.First + 1;
            parts.Log.DeadLettersLetGo(group, partition.Name, dead[0].First, size - 1);
            return All(dead, DeadLetterEnd.LetGo);
        }

        var fates = await TryAsync(partition, settings, dead).ConfigureAwait(false);
        foreach (var fate in fates)
        {
            if (fate.End == DeadLetterEnd.Copied)
            {
                parts.Counts.CopyDeadLetters(fate.Size);
                parts.Counts.Shares.CopyDeadLetters(group, fate.Size);
            }
            else if (fate.End == DeadLetterEnd.Failed)
            {
                parts.Counts.FailDeadLetters(fate.Size);
            }
        }

        return fates;
    }

    private async Task<IReadOnlyList<DeadLetterFate>> TryAsync(Partition partition, GroupSettings settings, IReadOnlyList<DeadRange> dead)
    {
        try
        {
            var (topic, fault) = await _topics.FindAsync(settings.DeadLetterTopic, partition.Topic).ConfigureAwait(false);
            if (topic is null) return All(dead, DeadLetterEnd.Failed, fault);
            if (partition.Log is not { } log) return All(dead, DeadLetterEnd.Failed, partition.OfflineReason ?? $"{partition.Name} is offline");
            return await CopyAsync(partition, log, topic, settings, dead).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            return All(dead, DeadLetterEnd.Failed, fault.Message);
        }
    }

    private async Task<IReadOnlyList<DeadLetterFate>> CopyAsync(Partition from, Storage.Logs.PartitionLog log, HostedTopic topic, GroupSettings settings, IReadOnlyList<DeadRange> dead)
    {
        var now = parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        using var packer = new DeadLetterPacker(group, from.Topic, from.Number, Math.Min(MostBatchBytes, topic.Settings.MaxMessageBytes), now);
        var reading = new DeadLetterReading(from, log, packer, settings.CopiesDeadLetters);
        reading.Read(dead);
        var fates = reading.Fates;
        var to = topic.Partitions[from.Number % topic.Partitions.Count];
        using var validator = new BatchValidator();
        foreach (var batch in packer.Batches)
        {
            var fault = await AppendAsync(to, topic.Settings, validator, batch, now).ConfigureAwait(false);
            foreach (var (first, last) in batch.Offsets)
                fates.Add(new DeadLetterFate(first, last, fault is null ? DeadLetterEnd.Copied : DeadLetterEnd.Failed, fault));
        }

        return fates;
    }

    private static async Task<string?> AppendAsync(Partition to, TopicSettings settings, BatchValidator validator, DeadLetterBatch batch, long now)
    {
        var verdict = validator.Check(batch.Bytes, Version, settings, now, out var sound);
        if (!verdict.IsSound) return $"{verdict.Message}: set what the topic takes, such as max.message.bytes ({settings.MaxMessageBytes})";
        var append = new DeadLetterAppend(to, sound);
        to.Queue.Run(append);
        return await append.Ended.ConfigureAwait(false);
    }

    private static List<DeadLetterFate> All(IReadOnlyList<DeadRange> dead, DeadLetterEnd end, string? reason = null)
    {
        var fates = new List<DeadLetterFate>(dead.Count);
        foreach (var range in dead) fates.Add(new DeadLetterFate(range.First, range.Last, end, reason));
        return fates;
    }
}
