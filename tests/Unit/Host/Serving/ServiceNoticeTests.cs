using System.Net.Sockets;
using System.Text;
using Moldau.Host.Serving;
using Xunit;

namespace Moldau.Unit.Host.Serving;

public class ServiceNoticeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_started_the_program_is_told_that_it_is_ready_and_that_it_stops(bool isAbstract)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is on Linux");
        var folder = Directory.CreateTempSubdirectory("moldau-notice-");
        try
        {
            var name = isAbstract ? "@moldau-notice-" + Guid.NewGuid() : Path.Combine(folder.FullName, "notify");
            using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            systemd.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + name[1..] : name));
            systemd.ReceiveTimeout = 10_000;
            var notice = new ServiceNotice(name);

            notice.Ready("ready on 127.0.0.1:9092");
            notice.Stopping();

            var room = new byte[200];
            Assert.Equal("READY=1\nSTATUS=ready on 127.0.0.1:9092", Encoding.UTF8.GetString(room, 0, systemd.Receive(room)));
            Assert.StartsWith("STOPPING=1\n", Encoding.UTF8.GetString(room, 0, systemd.Receive(room)), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/nowhere/at/all")]
    public void Where_nobody_listens_nothing_fails(string? socket) => new ServiceNotice(socket).Ready("ready");
}
