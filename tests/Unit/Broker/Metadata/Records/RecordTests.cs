using System.Text;
using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Records;
using Moldau.Shared;
using Moldau.Storage.Facts;
using Xunit;

namespace Moldau.Unit.Broker.Metadata.Records;

/// <summary>The stored form, pinned by a file. MOLDAU_REMAKE=1 makes it anew, for a form that has not been released.</summary>
public class RecordTests
{
    private static string GoldenPath => Path.Combine(RepositoryPaths.Root, "tests", "Unit", "Broker", "Metadata", "Records", "golden", "version-1.txt");

    public static TheoryData<string> Keys => [.. SampleRecords.All.Select(static sample => sample.Key)];

    [Fact]
    public void Records_are_stored_as_they_always_were()
    {
        var lines = SampleRecords.All.Select(static sample => $"{sample.Key}\t{Encoding.UTF8.GetString(sample.Value)}").ToArray();
        if (Environment.GetEnvironmentVariable("MOLDAU_REMAKE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(GoldenPath)!);
            File.WriteAllLines(GoldenPath, lines);
        }

        Assert.Equal(File.ReadAllLines(GoldenPath), lines);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_record_comes_back_as_it_was(string key)
    {
        var value = ValueOf(key);
        Assert.Equal(Encoding.UTF8.GetString(value), Encoding.UTF8.GetString(AnyRecord.Again(key, value)));
    }

    [Fact]
    public void There_is_a_sample_of_every_kind() =>
        Assert.Equal(Enum.GetValues<MetadataKind>(), SampleRecords.All.Select(static sample => new MetadataKey(sample.Key, 1).Kind()).Distinct().Order());

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_newer_version_is_refused_by_name_whatever_it_has_more(string key)
    {
        foreach (var more in (string[])["", ",\"surprise\":[1,{\"v\":1}]"])
        {
            var text = Encoding.UTF8.GetString(ValueOf(key)).Replace("{\"v\":1", "{\"v\":2" + more, StringComparison.Ordinal);
            var refused = Assert.Throws<MetadataRecordException>(() => AnyRecord.Again(key, Encoding.UTF8.GetBytes(text)));
            Assert.Equal(MetadataRecordFault.NewerVersion, refused.Fault);
            Assert.Equal($"the metadata record '{key}' of revision 5: it has version 2, this build reads up to 1: use the build that wrote it, or a later one", refused.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Damage_is_either_told_or_is_another_record(string key)
    {
        var value = ValueOf(key);
        for (var position = 0; position < value.Length; position++)
        {
            Told(key, value[..position]);
            foreach (var change in (byte[])[1, 128])
            {
                byte[] damaged = [.. value];
                damaged[position] ^= change;
                Told(key, damaged, isAllowed: true);
            }
        }
    }

    [Theory]
    [InlineData("cluster", "null", "it is null")]
    [InlineData("cluster", """{"clusterId":"x"}""", "v")]
    [InlineData("cluster", """{"v":0,"clusterId":"x"}""", "version 0")]
    [InlineData("cluster", """{"v":1,"clusterId":null}""", "clusterId")]
    [InlineData("cluster", """{"v":1,"clusterId":""}""", "an empty cluster id")]
    [InlineData("cluster", """{"v":1,"clusterId":"x","clusterId":"y"}""", "clusterId")]
    [InlineData("cluster", """{"v":1,"clusterId":"x","more":1}""", "more")]
    [InlineData("topic/x", """{"v":1,"id":"too-short","partitions":1}""", "'too-short' is no id")]
    [InlineData("topic/x", """{"v":1,"id":"AAAAAAAAAAAAAAAAAAAAAA","partitions":1}""", "no id")]
    [InlineData("topic-id/AAAAAAAAAAAAAAAAAAAAAQ", """{"v":1,"name":"x","partitions":1,"state":1}""", "state")]
    [InlineData("topic-id/AAAAAAAAAAAAAAAAAAAAAQ", """{"v":1,"name":"x","partitions":1,"state":"dying"}""", "state")]
    [InlineData("partition/AAAAAAAAAAAAAAAAAAAAAQ/00000000", """{"v":1,"replicas":[1],"isr":[2],"leader":1,"leaderEpoch":0,"partitionEpoch":0}""", "node 2 in the ISR")]
    [InlineData("partition/AAAAAAAAAAAAAAAAAAAAAQ/00000000", """{"v":1,"replicas":[1,1],"isr":[1],"leader":1,"leaderEpoch":0,"partitionEpoch":0}""", "twice")]
    [InlineData("partition/AAAAAAAAAAAAAAAAAAAAAQ/00000000", """{"v":1,"replicas":[1,2],"isr":[1],"leader":2,"leaderEpoch":0,"partitionEpoch":0}""", "leader 2")]
    [InlineData("partition/AAAAAAAAAAAAAAAAAAAAAQ/00000000", """{"v":1,"replicas":[1],"isr":[1],"leader":1,"leaderEpoch":-1,"partitionEpoch":0}""", "leader epoch -1")]
    [InlineData("partition/AAAAAAAAAAAAAAAAAAAAAQ/00000000", """{"v":1,"replicas":null,"isr":[1],"leader":1,"leaderEpoch":0,"partitionEpoch":0}""", "replicas")]
    [InlineData("partition/AAAAAAAAAAAAAAAAAAAAAQ/00000000", """{"v":1,"replicas":[1],"leader":1,"leaderEpoch":0,"partitionEpoch":0}""", "isr")]
    [InlineData("config/nodes", """{"v":1,"values":{}}""", "no settings")]
    [InlineData("config/nodes", """{"v":1,"values":{"a":null}}""", "no value for a")]
    [InlineData("token/x", """{"v":1,"owner":"a","requester":"a","renewers":[null],"issuedAt":1,"expiresAt":1,"lastsUntil":1}""", "renewers")]
    [InlineData("node/1", """{"v":1,"incarnation":"AAAAAAAAAAAAAAAAAAAAAQ","endpoints":[null]}""", "a gap")]
    [InlineData("config/nodes", """{"v":1,"values":{"a":"1","a":"2"}}""", "a")]
    public void What_cannot_be_is_told_with_its_place(string key, string value, string what)
    {
        var refused = Assert.Throws<MetadataRecordException>(() => AnyRecord.Again(key, Encoding.UTF8.GetBytes(value)));
        Assert.Equal((MetadataRecordFault.Damaged, key, 5L), (refused.Fault, refused.Key, refused.Revision));
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_not_be_read_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => RecordCodec.Encode(new ConfigRecord(MetadataCalls.NoConfigs)));
        Assert.Throws<ArgumentException>(() => RecordCodec.Encode(new QuotaRecord(new Dictionary<string, double> { ["rate"] = double.NaN })));
        Assert.Throws<ArgumentException>(() => RecordCodec.Encode(new PartitionRecord([1], [1], 2, 0, 0)));
    }

    private static byte[] ValueOf(string key) => SampleRecords.All.First(sample => sample.Key == key).Value;

    private static void Told(string key, byte[] value, bool isAllowed = false)
    {
        try
        {
            AnyRecord.Again(key, value);
            Assert.True(isAllowed, $"{key} {Encoding.UTF8.GetString(value)} was taken");
        }
        catch (MetadataRecordException)
        {
            // As it should be.
        }
    }
}
