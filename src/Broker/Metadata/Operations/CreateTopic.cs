using Moldau.Broker.Metadata.Records;
using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata.Operations;

/// <summary>
/// Creates a topic: first its record, in the state <see cref="TopicState.Creating"/>, then its partitions, as many at a time
/// as a transaction holds, and last its name. Nobody sees it before. What a creation that dies has left is found by that
/// first record (<see cref="RemoveUnbornTopics"/>).
/// <para>Every step but the first compares that record's revision, which comes only once: when somebody has marked it for
/// removal, or the topic was created and deleted since, none can be applied any more, not even one that is still on its
/// way. A first step that arrives so late leaves a record that the next start removes.</para>
/// </summary>
public sealed class CreateTopic(IMetadataStore store)
{
    private const int InFlight = 16;

    private readonly CertainWrite _write = new(store);
    private readonly TopicRemains _remains = new(store);

    /// <summary>Creates it, or finds that an earlier call with the same id did.</summary>
    /// <exception cref="OutcomeUnknownException">Whether it was created cannot be found out.</exception>
    /// <exception cref="FactRefusedException">It was not created. What was put so far is removed at the next start at the latest.</exception>
    public async Task<TopicCreation> RunAsync(NewTopic topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (await TopicRecords.HolderAsync(store, topic).ConfigureAwait(false) is { } known) return known;
        var key = MetadataKeys.Topic(topic.Id);
        var begin = new FactTransaction([FactCondition.Missing(key)], [TopicRecords.Topic(topic, TopicState.Creating)]);
        await _write.RunAsync(begin, key, static entry => entry is not null).ConfigureAwait(false);
        var begun = await store.GetAsync(key).ConfigureAwait(false);
        if (TopicRecords.StateOf(begun.Entry) == TopicState.Created) return new TopicCreation.Created(begun.Revision);
        if (TopicRecords.StateOf(begun.Entry) != TopicState.Creating) return Taken(topic);

        try
        {
            return await PutAsync(topic, FactCondition.ModRevision(key, begun.Entry!.ModRevision)).ConfigureAwait(false);
        }
        catch (FactRefusedException)
        {
            await TryRemoveAsync(topic).ConfigureAwait(false);
            throw;
        }
        catch (OutcomeUnknownException doubt)
        {
            return await GiveUpAsync(topic, doubt).ConfigureAwait(false);
        }
    }

    private async Task<TopicCreation> PutAsync(NewTopic topic, FactCondition unmarked)
    {
        List<FactOperation> partitions = [.. TopicRecords.Partitions(topic)];
        List<FactOperation> last = [.. TopicRecords.Birth(topic), .. partitions];
        if (!OperationBatches.FitOne(last))
        {
            last = [.. TopicRecords.Birth(topic)];
            if (!await PutPartitionsAsync(partitions, unmarked).ConfigureAwait(false))
            {
                await TryRemoveAsync(topic).ConfigureAwait(false);
                return Taken(topic);
            }
        }

        var commit = new FactTransaction([FactCondition.Missing(MetadataKeys.TopicName(topic.Name)), unmarked], last);
        while (true)
        {
            var result = await _write.RunAsync(commit, unmarked.Key, static entry => TopicRecords.StateOf(entry) == TopicState.Created).ConfigureAwait(false);
            if (result.IsApplied) return new TopicCreation.Created(result.Revision);
            if (result.WasInDoubt) return await GiveUpAsync(topic, null).ConfigureAwait(false);

            var holder = await TopicRecords.HolderAsync(store, topic).ConfigureAwait(false);
            var mine = (await store.GetAsync(unmarked.Key).ConfigureAwait(false)).Entry;
            if (mine?.ModRevision != unmarked.Revision) return Taken(topic);

            // Without a holder, whoever had the name when it mattered is gone.
            if (holder is null) continue;
            await TryRemoveAsync(topic).ConfigureAwait(false);
            return holder;
        }
    }

    /// <returns>False where somebody has marked the topic for removal, or an earlier call with its id has left some.</returns>
    private async Task<bool> PutPartitionsAsync(List<FactOperation> partitions, FactCondition unmarked)
    {
        foreach (var pieces in OperationBatches.Cut(partitions).Chunk(InFlight))
        {
            var results = await Task.WhenAll(pieces.Select(PutPieceAsync)).ConfigureAwait(false);
            if (!Array.TrueForAll(results, static result => result.IsApplied)) return false;
        }

        return true;

        Task<WriteResult> PutPieceAsync(List<FactOperation> piece)
        {
            // Missing before: one that is applied late must not put a partition back to where it began.
            List<FactCondition> conditions = [unmarked, .. piece.Select(static operation => FactCondition.Missing(operation.Key))];
            return _write.RunAsync(new FactTransaction(conditions, piece), piece[0].Key, static entry => entry is not null);
        }
    }

    /// <summary>Makes an end of it: once the record is marked the name cannot be put any more.</summary>
    private async Task<TopicCreation> GiveUpAsync(NewTopic topic, OutcomeUnknownException? doubt)
    {
        TopicState? before;
        try
        {
            before = await _remains.MarkAsync(topic.Id).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OutcomeUnknownException or FactRefusedException)
        {
            throw InDoubt(topic, fault);
        }

        switch (before)
        {
            case TopicState.Created:
                return new TopicCreation.Created((await store.GetAsync(MetadataKeys.Topic(topic.Id)).ConfigureAwait(false)).Revision);
            case TopicState.Creating:
                await TryRemoveAsync(topic).ConfigureAwait(false);
                return await TopicRecords.HolderAsync(store, topic).ConfigureAwait(false)
                    ?? new TopicCreation.Abandoned(doubt?.Message ?? $"another topic had the name '{topic.Name}' for a moment");
            default:
                // Marked by another: it may have lived and been deleted, or not.
                throw InDoubt(topic, doubt);
        }
    }

    /// <summary>What stays behind here goes at the next start.</summary>
    private async Task TryRemoveAsync(NewTopic topic)
    {
        try
        {
            await _remains.MarkAsync(topic.Id).ConfigureAwait(false);
            await _remains.RemoveAsync(topic.Id).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OutcomeUnknownException or FactRefusedException)
        {
            // The answer does not depend on it.
        }
    }

    private static TopicCreation.Abandoned Taken(NewTopic topic) =>
        new($"what was there so far of the topic {topic.Id} was taken for the remains of a creation that died, or is that; it is removed");

    private static OutcomeUnknownException InDoubt(NewTopic topic, Exception? inner) =>
        new($"whether the topic '{topic.Name}' with the id {topic.Id} was created is not known; it is not there now: look for the id before creating it again", inner);
}
