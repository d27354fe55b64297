using Moldau.Storage.Checkpoints;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>Asks an open log everything that can be asked, and compares with what follows from its batches.</summary>
internal sealed class LogChecker(PartitionLog log, LogModel model, Random chance)
{
    private readonly List<WrittenBatch> _readable = model.Batches.FindAll(batch => batch.LastOffset >= model.Start);

    public void Check()
    {
        if ((log.StartOffset, log.EndOffset) != (model.Start, model.End)) throw Broken($"is {log.StartOffset} to {log.EndOffset}, not {model.Start} to {model.End}");
        if (log.RecoveryPoint > log.FlushedOffset) throw Broken($"recovery point {log.RecoveryPoint}, and is on disk up to {log.FlushedOffset}");
        CheckOffsets();
        CheckEpochs();
        CheckTimes();
        var picture = LogPicture.Of(model.Batches);
        CheckProducers(picture);
        CheckOpen(picture);
        CheckAborted(picture, log.StartOffset, log.EndOffset);
        if (log.EndOffset <= log.StartOffset) return;
        var from = chance.NextInt64(log.StartOffset, log.EndOffset);
        CheckAborted(picture, from, chance.NextInt64(from, log.EndOffset) + 1);
    }

    /// <summary>A read that begins in the middle of the log.</summary>
    public void CheckRead(long upTo)
    {
        var end = Math.Min(upTo, model.End);
        if (end <= model.Start) return;
        var offset = chance.NextInt64(model.Start, end);
        var read = LogReader.Read(log, offset, chance.Next(2000), upTo);
        var place = _readable.FindIndex(batch => batch.LastOffset >= offset);
        if (read.Count == 0) throw Broken($"nothing at {offset} up to {upTo}, and ends at {model.End}");
        foreach (var bytes in read)
        {
            var batch = place < _readable.Count ? _readable[place++] : null;
            if (batch is null || !batch.Bytes.AsSpan().SequenceEqual(bytes)) throw Broken($"read from {offset}, and got another batch than the one at {batch?.BaseOffset}");
            if (batch.BaseOffset >= end) throw Broken($"read up to {upTo}, and got the batch at {batch.BaseOffset}");
        }
    }

    private void CheckOffsets()
    {
        foreach (var batch in _readable)
        {
            var offset = Math.Max(model.Start, chance.Next(2) == 0 ? batch.LastOffset : batch.BaseOffset);
            var read = LogReader.Read(log, offset, 1, long.MaxValue);
            if (read.Count != 1 || !read[0].AsSpan().SequenceEqual(batch.Bytes)) throw Broken($"no way leads to offset {offset}, in the batch at {batch.BaseOffset}");
        }
    }

    /// <summary>
    /// What a client does that has seen an offset with its epoch: it asks where the epoch ended, and takes the log for
    /// another one where that lies below what it has seen.
    /// </summary>
    private void CheckEpochs()
    {
        for (var i = 0; i < _readable.Count; i++)
        {
            var batch = _readable[i];
            if (i + 1 < _readable.Count && _readable[i + 1].Epoch == batch.Epoch) continue;
            var end = log.EndOffsetOf(batch.Epoch);
            if (end != new EpochEnd(batch.Epoch, batch.LastOffset + 1)) throw Broken($"epoch {batch.Epoch} ends at {batch.LastOffset + 1}, and is told as {end}");
        }

        foreach (var lost in model.Lost)
        {
            var end = log.EndOffsetOf(lost.Epoch);
            if (lost.BaseOffset >= model.Start && end.Offset > lost.BaseOffset)
                throw Broken($"the batch at {lost.BaseOffset} of epoch {lost.Epoch} is lost, and who has seen it is told that {end.Epoch} ends at {end.Offset}");
        }
    }

    private void CheckTimes()
    {
        var records = new List<(long Offset, long Timestamp)>();
        foreach (var batch in _readable)
        {
            for (var i = 0; i < batch.Timestamps.Length; i++)
            {
                if (batch.BaseOffset + i >= model.Start) records.Add((batch.BaseOffset + i, batch.Timestamps[i]));
            }
        }

        var max = records.Count == 0 ? -1 : records.Max(record => record.Timestamp);
        var found = log.FindMaxTimestamp();
        var youngest = records.Find(record => record.Timestamp == max);
        if (max < 0 ? found is not null : found is null || (found.Value.Offset, found.Value.Timestamp) != youngest) throw Broken($"the youngest record is {youngest}, and is told as {found}");
        if (max < 0) return;
        for (var i = 0; i < 4; i++)
        {
            var wanted = records[chance.Next(records.Count)].Timestamp + chance.Next(-1, 2);
            if (wanted < 0) continue;
            var at = log.FindTimestamp(wanted);
            var first = records.FindIndex(record => record.Timestamp >= wanted);
            if (first < 0 ? at is not null : at is null || (at.Value.Offset, at.Value.Timestamp) != records[first])
                throw Broken($"the first record not older than {wanted} is {(first < 0 ? "none" : records[first])}, and is told as {at}");
        }
    }

    private void CheckProducers(LogPicture picture)
    {
        foreach (var producer in picture.Producers.Values)
        {
                        if (producer.LastOffset < model.ForgottenBelow) continue;
            if (!log.Producers.TryGet(producer.Id, out var state)) throw Broken($"producer {producer.Id}, last heard of at {producer.LastOffset}, is forgotten");
            var last = producer.Last?.LastOffset >= model.ForgottenBelow ? producer.Last : null;
            if (state.Epoch != producer.Epoch || (last is not null && state.LastOffset != last.LastOffset) || (producer.MarkerOffset >= model.ForgottenBelow && state.CoordinatorEpoch != producer.CoordinatorEpoch))
                throw Broken($"producer {producer.Id} is at epoch {state.Epoch}, offset {state.LastOffset}, coordinator {state.CoordinatorEpoch}, not {producer.Epoch}, {last?.LastOffset}, {producer.CoordinatorEpoch}");
            if (state.InTransaction != producer.Begin is not null) throw Broken($"producer {producer.Id}: an open transaction is told as {state.InTransaction}");
            if (last is not null && last.Produced.BaseSequence >= 0) CheckSequences(producer, last);
        }
    }

    private void CheckSequences(ProducerPicture producer, WrittenBatch last)
    {
        var again = log.Producers.Check(last.Produced, AppendOrigin.Client);
        if (!again.IsDuplicate || again.Earlier.BaseOffset != last.BaseOffset) throw Broken($"the batch of producer {producer.Id} at {last.BaseOffset} again is {again.Outcome}");
        var next = last.Produced with { BaseSequence = producer.NextSequence, LastSequence = producer.NextSequence, BaseOffset = log.EndOffset, LastOffset = log.EndOffset, IsTransactional = producer.Begin is not null };
        var accepted = log.Producers.Check(next, AppendOrigin.Client);
        if (!accepted.IsNew) throw Broken($"sequence {next.BaseSequence} of producer {producer.Id}, which is next, is {accepted.Outcome}");
        var wrong = log.Producers.Check(next with { BaseSequence = next.BaseSequence + 3, LastSequence = next.LastSequence + 3 }, AppendOrigin.Client);
        if (wrong.Outcome != ProducerOutcome.OutOfOrder) throw Broken($"sequence {next.BaseSequence + 3} of producer {producer.Id}, where {next.BaseSequence} is next, is {wrong.Outcome}");
    }

    private void CheckOpen(LogPicture picture)
    {
        var open = picture.Producers.Values.Where(static producer => producer.Begin is not null).ToList();
        // Where one began below the start, nobody may know where.
        if (open.Exists(producer => producer.Begin!.BaseOffset < model.ForgottenBelow)) return;
        long? first = open.Count == 0 ? null : open.Min(static producer => producer.Begin!.BaseOffset);
        if (log.Producers.FirstUndecidedOffset != first) throw Broken($"the first open transaction begins at {first}, and is told as {log.Producers.FirstUndecidedOffset}");
    }

    private void CheckAborted(LogPicture picture, long from, long upTo)
    {
        var found = new List<AbortedTransaction>();
        log.CollectAborted(from, upTo, found);
        foreach (var aborted in found)
        {
            if (!picture.Aborted.Exists(known => known.Marker.LastOffset == aborted.LastOffset && known.Marker.Produced.ProducerId == aborted.ProducerId))
                throw Broken($"{aborted} was never aborted");
        }

        foreach (var (batches, marker) in picture.Aborted)
        {
            // Its batches that can be read, which consumers must be told to pass over.
            var hidden = batches.FindAll(batch => batch.LastOffset >= from && batch.BaseOffset < upTo && batch.LastOffset >= model.Start);
            if (hidden.Count == 0) continue;
            var known = found.Find(aborted => aborted.LastOffset == marker.LastOffset);
            if (known.ProducerId != marker.Produced.ProducerId || known.FirstOffset > hidden[0].BaseOffset)
                throw Broken($"the transaction of producer {marker.Produced.ProducerId} with the batch at {hidden[0].BaseOffset} was aborted at {marker.LastOffset}, and nobody is told, from {from} to {upTo}: {string.Join(", ", found)}");
            if (batches[0].BaseOffset >= model.Start && known.FirstOffset != batches[0].BaseOffset) throw Broken($"the transaction aborted at {marker.LastOffset} began at {batches[0].BaseOffset}, and is told from {known.FirstOffset} on");
        }
    }

    private BrokenGuaranteeException Broken(string what) => new($"{log.Name}: {what}");
}
