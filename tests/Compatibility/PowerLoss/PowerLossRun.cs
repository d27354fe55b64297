using Moldau.Compatibility.Serving;
using Xunit;

namespace Moldau.Compatibility.PowerLoss;

/// <summary>One disk through losses of power: a broker under load is killed, and its data folders get what the disk would have had.</summary>
internal sealed class PowerLossRun : IDisposable
{
    private const string Topic = "counted";

    private readonly PowerLossLibrary _library;
    private readonly string? _skip;
    private readonly string _data;
    private readonly string _place = Directory.CreateTempSubdirectory("moldau-powerloss-").FullName;
    private readonly Platter _platter = new();
    private readonly List<CountingProducer> _producers;
    private readonly CountingAdministrator _administrator = new(Topic);
    private int _round;

    private PowerLossRun(PowerLossLibrary library, int folders, int partitions, int filling, string? skip)
    {
        _library = library;
        _data = string.Join(',', Enumerable.Range(0, folders).Select(number => folders == 1 ? Folder : Path.Combine(Folder, $"{number}")));
        _skip = skip;
        _producers = [.. Enumerable.Range(0, partitions).Select(partition => new CountingProducer(Topic, partition, filling))];
        Directory.CreateDirectory(Folder);
    }

    public string Summary => $"{_round} losses, {_producers.Sum(static producer => producer.Acknowledged)} records, {_administrator.Acknowledged} settings and {_administrator.TopicsMade} topics acknowledged, {_platter.Flushes} flushes";

    private string Folder => Path.Combine(_place, "data");

    private string Journal => Path.Combine(_place, "journal");

    /// <param name="folders">How many data folders the broker has.</param>
    /// <param name="partitions">Of the topic that is written to.</param>
    /// <param name="filling">How many bytes a record has behind its number.</param>
    /// <param name="skip">Flushes that are answered and not made.</param>
    public static async Task<PowerLossRun> MakeAsync(int folders, int partitions, int filling, string? skip = null) => new(await PowerLossLibrary.CompiledAsync(), folders, partitions, filling, skip);

    /// <summary>A broker starts on what is there, works under load for a while, and loses its power.</summary>
    /// <returns>What an earlier loss of power has cost; null where nothing.</returns>
    public async Task<string?> LoseAsync(Random load, Random crash, TimeSpan while_)
    {
        using var broker = await StartAsync();
        if (await CreateOrFindLossAsync(broker) is { } loss) return loss;
        var producing = new CountingLoad(_producers, broker, load);
        var administrating = _administrator.RunAsync(broker);
        await producing.FirstAcknowledgementAsync();
        await Task.Delay(while_, TestContext.Current.CancellationToken);
        Assert.False(administrating.IsCompleted, "the administrator has ended: " + administrating.Exception);
        broker.Kill();
        await producing.EndAsync();
        await administrating.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        LosePower(crash);
        return null;
    }

    /// <summary>As <see cref="LoseAsync"/>, with one change of the metadata as the last thing that is acknowledged.</summary>
    public async Task<string?> LoseAfterChangeAsync(Random crash)
    {
        using var broker = await StartAsync();
        if (await CreateOrFindLossAsync(broker) is { } loss) return loss;
        using (var client = await broker.ConnectAsync()) await _administrator.StepAsync(client);
        broker.Kill();
        LosePower(crash);
        return null;
    }

    /// <summary>What the last loss of power has cost; the run ends with it.</summary>
    public async Task<string?> FindLossAsync()
    {
        using var broker = await StartAsync();
        return await FindLossAsync(broker);
    }

    public void Dispose() => Directory.Delete(_place, recursive: true);

    private Task<BrokerProcess> StartAsync()
    {
        File.Delete(Journal);
        return BrokerProcess.StartAsync(_data, _library.Environment(Folder, Journal, _skip));
    }

    private async Task<string?> CreateOrFindLossAsync(BrokerProcess broker)
    {
        if (_round++ > 0) return await FindLossAsync(broker);
        await CountedTopic.CreateAsync(broker, Topic, _producers.Count);
        return null;
    }

    private async Task<string?> FindLossAsync(BrokerProcess broker) =>
        await CountedTopic.FindLossAsync(broker, Topic, _producers) ?? await _administrator.FindLossAsync(broker);

    private void LosePower(Random crash)
    {
        _platter.Replay(JournalFile.Read(Journal));
        // Else something was written past the library, and a loss of it would go unseen.
        Assert.Null(_platter.Difference(Folder));
        _platter.LosePower(crash, Folder);
    }
}
