using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Records;

/// <summary>Questions for the Java program about batches: collected, and answered by one run of it.</summary>
internal sealed class KafkaBatches
{
    private readonly List<string> _lines = [];
    private int _questions;

    /// <summary>The records that the builds after it take.</summary>
    public void TakeRecords(SampleBatch batch) => _lines.Add("records " + string.Join(' ', batch.Records.Select(BatchLines.Of)));

    /// <returns>The place of the answer.</returns>
    public int Build(SampleBatch batch, CodecLevel codec)
    {
        var options = batch.Options;
        return Ask(string.Join(
            ' ', "build", codec.Name, codec.Level?.ToString() ?? "-", options.BaseOffset, options.LeaderEpoch, options.Producer.ProducerId,
            options.Producer.Epoch, options.Producer.BaseSequence, BatchLines.Flag(options.IsTransactional), options.LogAppendTime?.ToString() ?? "-"));
    }

    public int Read(ReadOnlySpan<byte> batch) => Ask("read " + Convert.ToBase64String(batch));

    public int Check(ReadOnlySpan<byte> batch) => Ask("check " + Convert.ToBase64String(batch));

    public int Ask(string line)
    {
        _lines.Add(line);
        return _questions++;
    }

    public async Task<IReadOnlyList<string>> AnswersAsync(string purpose)
    {
        var answers = await KafkaJars.RunAsync(purpose, TimeSpan.FromSeconds(120), "Batches", _lines);
        return answers.Count == _questions
            ? answers
            : throw new InvalidOperationException($"{purpose}: {answers.Count} answers to {_questions} questions");
    }
}
