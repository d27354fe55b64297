using System.Globalization;
using System.Net;
using Moldau.Compatibility.Wire;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Serving;

/// <summary>A broker's process that is killed and started again on the same data and the same port, so that clients come back to it.</summary>
internal sealed class SteadyBroker : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-steady-").FullName;
    private readonly string[] _settings;
    private readonly int _port = FreePorts.One();
    private BrokerProcess? _process;

    private SteadyBroker(string[] settings) => _settings = settings;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <param name="settings">Beyond the defaults, as NAME=VALUE.</param>
    public static async Task<SteadyBroker> StartAsync(params string[] settings)
    {
        var broker = new SteadyBroker(settings);
        try
        {
            await broker.StartAgainAsync();
            return broker;
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    public Task CreateTopicAsync(string name, int partitions) => CreateTopicAsync(_port, name, partitions);

    /// <summary>At any broker of this machine.</summary>
    public static async Task CreateTopicAsync(int port, string name, int partitions)
    {
        using var client = await WireClient.ConnectAsync(IPAddress.Loopback.ToString(), port);
        var created = await client.AskAsync<CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            Topics = [new CreateTopicsRequest.Topic { Name = name, NumPartitions = partitions, ReplicationFactor = -1 }],
        });
        Assert.Equal(ErrorCode.None, created.Topics[0].ErrorCode);
    }

    /// <summary>SIGKILL, and at once another process in its place.</summary>
    public async Task KillAsync()
    {
        _process!.Dispose();
        await StartAgainAsync();
    }

    public void Dispose()
    {
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAgainAsync() => _process = await BrokerProcess.StartOnAsync(_port, _folder, environment: null, _settings);
}
