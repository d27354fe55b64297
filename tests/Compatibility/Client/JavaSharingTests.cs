using Moldau.Compatibility.Kafka;
using Xunit;

namespace Moldau.Compatibility.Client;

/// <summary>Java's share consumer has the same to tell of both brokers, where members of one group accept, release, reject, renew, are late, leave and wake up.</summary>
public sealed class JavaSharingTests(SharingBrokers brokers) : IClassFixture<SharingBrokers>
{
    /// <summary>PARTITION@OFFSET=VALUExDELIVERIES of each record.</summary>
    private const string Told = """
        == explicit
        [0@0=0x1 0@1=1x1 0@2=2x1 0@3=3x1 0@4=4x1 0@5=5x1]
        not all acknowledged: IllegalStateException
        {0=ok}
        nothing to say: {}
        [0@1=1x2 0@4=4x2]
        {0=ok}
        []
        members: 1
        members: 0
        done with everything
        == implicit
        [0@0=0x1 0@1=1x1 0@2=2x1 0@3=3x1]
        [0@4=4x1 0@5=5x1]
        {0=ok}
        [0@6=6x1]
        not in this mode: IllegalStateException
        [{0=[0, 1, 2, 3]} ok, {0=[4, 5]} ok, {0=[6]} ok]
        [0@7=7x2]
        done with everything
        == renewed
        [0@0=0x1 0@1=1x1 0@2=2x1]
        {0=ok}
        [0@1=1x1]
        [0@1=1x1]
        {0=ok}
        [0@1=1x2]
        {0=ok}
        done with everything
        []
        [{0=[0, 1, 2]} ok, {0=[1]} ok, {0=[1]} ok, {0=[1]} ok]
        == record-limit
        [0@0=0x1 0@1=1x1 0@2=2x1 0@3=3x1]
        {0=ok}
        [0@4=4x1 0@5=5x1 0@6=6x1 0@7=7x1]
        {0=ok}
        [0@8=8x1 0@9=9x1]
        {0=ok}
        []
        done with everything
        == batch-optimized
        [0@0=0x1 0@1=1x1 0@2=2x1 0@3=3x1 0@4=4x1 0@5=5x1]
        {0=ok}
        [0@10=10x1 0@11=11x1 0@6=6x1 0@7=7x1 0@8=8x1 0@9=9x1]
        {0=ok}
        []
        done with everything
        == locks-record-limit
        held: 100
        {0=ok}
        held: 50
        {0=ok}
        done with everything
        == locks-batch-optimized
        held: 150
        {0=ok}
        done with everything
        == closed
        [0@0=0x1 0@1=1x1 0@2=2x1 0@3=3x1]
        [{0=[0, 1]} ok]
        after it: IllegalStateException
        [0@2=2x2 0@3=3x2]
        done with everything
        == wakened
        before: WakeupException
        []
        members: 1
        meanwhile: WakeupException
        [0@0=0x1 0@1=1x1]
        in what commits: WakeupException
        done with everything
        == expired
        [0@0=0x1 0@1=1x1 0@2=2x1 0@3=3x1 0@4=4x1 0@5=5x1]
        locked for 1000
        [0@0=0x2 0@1=1x2 0@2=2x2 0@3=3x2 0@4=4x2 0@5=5x2]
        locked for 60000
        too late: {0=InvalidRecordStateException}
        too late to renew: {0=InvalidRecordStateException}
        {0=ok}
        done with everything
        behind the start: {0=ok}
        [{0=[2, 3]} InvalidRecordStateException, {0=[4]} InvalidRecordStateException, {0=[0, 1, 5]} ok]
        == deliveries
        [0@0=0x1]
        {0=ok}
        [0@0=0x2]
        {0=ok}
        [0@0=0x3]
        {0=ok}
        [0@1=1x1]
        done with everything
        == committed
        [0@0=0x1 0@12=8x1 0@1=1x1 0@6=4x1 0@7=5x1]
        [0@0=0x2]
        [0@0=0x1 0@10=7x1 0@12=8x1 0@1=1x1 0@3=2x1 0@4=3x1 0@6=4x1 0@7=5x1 0@9=6x1]
        done with everything
        == open
        [0@0=0x1]
        []
        [0@1=1x1 0@2=2x1 0@3=3x1]
        done with everything
        == unreadable
        unreadable: 0@3
        {0=ok}
        [0@0=0x1 0@1=1x1 0@2=2x1 0@4=4x1 0@5=5x1]
        [0@0=0x2 0@1=1x2 0@2=2x2]
        done with everything
        == partitions
        [0@0=0x1 0@1=3x1 0@2=6x1 1@0=1x1 1@1=4x1 1@2=7x1 2@0=2x1 2@1=5x1 2@2=8x1]
        [1@0=1x2 1@1=4x2 1@2=7x2]
        without topics: IllegalStateException
        members: 0
        [0@3=9x1]
        {0=ok}
        == misused
        of nobody: IllegalStateException
        {0=ok}
        twice: IllegalStateException
        [0@0=0x2]
        done with everything
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(300);

    [Theory]
    [MemberData(nameof(SharingBrokers.Names), MemberType = typeof(SharingBrokers))]
    public async Task It_is_told_the_same_by_both_brokers(string broker)
    {
        KafkaJars.Require();
        var told = await KafkaJars.RunAsync("Java's share consumer", Deadline, "ShareScenes", [await brokers.AddressAsync(broker)]);
        Assert.Equal(Told, string.Join('\n', told), ignoreLineEndingDifferences: true);
    }
}
