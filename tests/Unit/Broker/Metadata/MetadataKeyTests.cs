using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Unit.Broker.Metadata;

public class MetadataKeyTests
{
    private static readonly string[] Names = ["a", "", "/", "a/b", "ü=%2F", "node/1", "=", "user", "\U00010000"];

    [Fact]
    public void Names_come_back_from_their_keys()
    {
        foreach (var name in Names)
        {
            Assert.Equal(name, Key(MetadataKeys.TopicName(name)).TopicName());
            Assert.Equal(name, Key(MetadataKeys.DelegationToken(name)).DelegationToken());
            foreach (var resource in (ConfigResource[])[ConfigResource.Topic(name), ConfigResource.Group(name), ConfigResource.ClientMetrics(name), ConfigResource.Node(3), ConfigResource.AllNodes])
                Assert.Equal(resource, Key(MetadataKeys.Config(resource)).Config());
            foreach (var mechanism in Enum.GetValues<ScramMechanism>())
                Assert.Equal(new ScramUser(mechanism, name), Key(MetadataKeys.Credential(new ScramUser(mechanism, name))).Credential());
        }
    }

    [Fact]
    public void Every_entity_has_its_own_key()
    {
        QuotaSubject?[] subjects = [null, QuotaSubject.Default, .. Names.Select(static name => (QuotaSubject?)QuotaSubject.Of(name))];
        var keys = new HashSet<string>();
        foreach (var user in subjects)
        {
            foreach (var client in subjects)
            {
                foreach (var address in subjects)
                {
                    var entity = new QuotaEntity(user, client, address);
                    if (entity == default) continue;
                    Assert.Equal(entity, Key(MetadataKeys.Quota(entity)).Quota());
                    Assert.True(keys.Add(MetadataKeys.Quota(entity)), MetadataKeys.Quota(entity));
                }
            }
        }

        Assert.Throws<ArgumentException>(() => MetadataKeys.Quota(default));
    }

    [Fact]
    public void Numbers_and_ids_come_back_from_their_keys()
    {
        var id = new Uuid(ulong.MaxValue, 5);
        Assert.Equal(int.MaxValue, Key(MetadataKeys.Node(int.MaxValue)).Node());
        Assert.Equal(12, Key(MetadataKeys.UncleanStart(12)).Node());
        Assert.Equal(id, Key(MetadataKeys.Topic(id)).Topic());
        Assert.Equal(id, Key(MetadataKeys.Acl(id)).Acl());
        foreach (var number in (int[])[0, 255, 256, int.MaxValue])
        {
            Assert.Equal((id, number), Key(MetadataKeys.Partition(id, number)).Partition());
            Assert.StartsWith(MetadataKeys.PartitionBlock(id, number / 256), MetadataKeys.Partition(id, number), StringComparison.Ordinal);
            Assert.StartsWith(MetadataKeys.PartitionsOf(id), MetadataKeys.Partition(id, number), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_key_of_no_known_kind_is_refused()
    {
        foreach (var key in (string[])["", "clusters", "Cluster", "topics/x", "topic", "partition"])
        {
            var refused = Assert.Throws<MetadataRecordException>(() => Key(key).Kind());
            Assert.Equal(MetadataRecordFault.NewerVersion, refused.Fault);
        }
    }

    [Fact]
    public void A_key_that_is_not_as_it_should_be_is_told()
    {
        const string Id = "AAAAAAAAAAAAAAAAAAAAAQ";
        Told(() => Key("node/").Node(), "a node's number");
        Told(() => Key("node/x").Node(), "a node's number");
        Told(() => Key("node/-1").Node(), "a node's number");
        Told(() => Key("topic-id/x").Topic(), "an id");
        Told(() => Key("acl/").Acl(), "an id");
        foreach (var rest in (string[])[$"{Id}", $"{Id}/0", $"{Id}/0000000G", $"{Id}/0000000A", $"{Id}/80000000", $"{Id}x00000001", $"{Id}/000000001"])
            Told(() => Key("partition/" + rest).Partition(), "8 lower-case hexadecimal digits");
        Told(() => Key("partition/*AAAAAAAAAAAAAAAAAAAAA/00000000").Partition(), "an id");
        Told(() => Key("config/broker/1").Config(), "settings");
        Told(() => Key("user/PLAIN/alice").Credential(), "mechanism");
        Told(() => Key("quota/group=x").Quota(), "a user");
        Told(() => Key("quota/client-id=x/user=y").Quota(), "the spelling 'quota/user=y/client-id=x'");
        Told(() => Key("quota/user=a b").Quota(), "the spelling");
    }

    private static MetadataKey Key(string text) => new(text, 3);

    private static void Told(Func<object> read, string what) => Assert.Contains(what, Assert.Throws<MetadataRecordException>(read).Message, StringComparison.Ordinal);
}
