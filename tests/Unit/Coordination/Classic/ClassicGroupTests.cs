using Moldau.Coordination.Groups;
using Moldau.Coordination.Groups.Classic;
using Xunit;

namespace Moldau.Unit.Coordination.Classic;

public class ClassicGroupTests
{
    private readonly ClassicGroup _group = new("g");

    [Fact]
    public void A_protocol_fits_when_all_members_know_it()
    {
        var (one, two) = (Add("one", "range", "sticky"), Add("two", "range"));

        Assert.True(Fits("range"));
        Assert.True(Fits("sticky", "range"));
        Assert.False(Fits("sticky"));

        _group.Remove(two);
        Assert.True(Fits("sticky"));

        _group.SetProtocols(one, Offers("other"));
        Assert.False(Fits("range", "sticky"));
        Assert.True(Fits("other"));
    }

    [Fact]
    public void A_static_member_that_has_come_back_is_counted_once()
    {
        var member = Add("one", "range");
        Add("two", "range");

        _group.Rename(member, "three");
        _group.SetProtocols(member, Offers("range", "sticky"));

        Assert.True(Fits("range"));
        Assert.False(Fits("sticky"));
    }

    private bool Fits(params string[] names) => _group.KnowsOneOf(Offers(names));

    private ClassicMember Add(string id, params string[] protocols)
    {
        var member = new ClassicMember(id, id, new MemberClient("c", "/h")) { Protocols = Offers(protocols) };
        _group.Add(member, "consumer");
        return member;
    }

    private static List<GroupProtocolOffer> Offers(params string[] names) => [.. names.Select(static name => new GroupProtocolOffer(name, default))];
}
