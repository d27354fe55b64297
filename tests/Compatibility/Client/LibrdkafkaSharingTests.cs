using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Wire;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Client;

/// <summary>librdkafka's share consumer has the same to tell of both brokers: who gets what, how often, and what becomes of it.</summary>
public sealed class LibrdkafkaSharingTests(SharingBrokers brokers) : IClassFixture<SharingBrokers>
{
    private const string Told = """
        == shared-explicit
        0=0x1 1=1x1 2=2x1 3=3x1 4=4x1 5=5x1
        not all acknowledged: IllegalStateException
        [('shared-explicit', 0, None)]
        1=1x2 4=4x2
        [('shared-explicit', 0, None)] []
        behind it []
        == shared-implicit
        0=0x1 1=1x1 2=2x1 3=3x1
        []
        4=4x1
        [('shared-implicit', 0, None)] [([(0, [0, 1, 2, 3])], None), ([(0, [4])], None)]
        not in this mode: IllegalStateException
        == shared-deliveries
        0=0x1
        0=0x2
        0=0x3
        0=0x4
        0=0x5
        []
        == shared-two
        both had some: True each once: True
        == shared-closes
        0=0x1 1=1x1 2=2x1 3=3x1 4=4x1
        1=1x2 2=2x2 3=3x2 4=4x2
        == shared-locks
        0=0x1 1=1x1
        0=0x2 1=1x2
        too late: [('shared-locks', 0, 'INVALID_RECORD_STATE')]
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(240);

    [Theory]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task It_is_told_the_same_by_both_brokers(string broker)
    {
        var python = await Librdkafka.PythonAsync(Librdkafka.New);
        var program = Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "librdkafka", "sharing.py");
        var told = await ChildProcess.RunAsync("librdkafka's share consumer", Deadline, python, [program, await brokers.AddressAsync(broker)]);
        Assert.Equal(Told, told.TrimEnd(), ignoreLineEndingDifferences: true);
    }
}
