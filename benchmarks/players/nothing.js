// Stands for Node's own modules, which a browser has not and the players do not use there.
module.exports = {URL};
