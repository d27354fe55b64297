using System.Collections.Concurrent;
using System.Text;

namespace Moldau.Bench.Load;

/// <summary>What a connection says first at ports where a broker asks who it is (SASL/PLAIN).</summary>
internal static class Logins
{
    private const short Handshake = 17;
    private const short Authenticate = 36;
    private const short Version = 1;

    private static readonly ConcurrentDictionary<int, (string User, string Password)> ByPort = new();

    public static void Set(int port, string user, string password) => ByPort[port] = (user, password);

    public static void Enter(LoadConnection connection, int port)
    {
        if (!ByPort.TryGetValue(port, out var login)) return;
        var handshake = Wire.Of(Handshake, Version);
        handshake.Text("PLAIN");
        Say(connection, handshake);
        var authenticate = Wire.Of(Authenticate, Version);
        var token = Encoding.UTF8.GetBytes($"\0{login.User}\0{login.Password}");
        authenticate.Int32(token.Length);
        authenticate.Raw(token);
        Say(connection, authenticate);
    }

    private static void Say(LoadConnection connection, Wire request)
    {
        connection.Send(request.Finish());
        var error = new WireReader(connection.Receive()).Int16();
        if (error != 0) throw new InvalidOperationException($"the broker answered a login with error {error}");
    }
}
